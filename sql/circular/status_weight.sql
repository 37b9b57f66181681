-- The share of announced money that is reckoned to flow, by the status of the deal [share]: the weights of circular flows, each the
-- best figure of an assumption (`binding_realised_share` and so on), so that they can be changed. Rumoured and cancelled: 0.
create or replace macro status_weight(of_status) as
    case
        when of_status in ('rumoured', 'cancelled') then 0
        else coalesce((
            select any_value(best)
            from assumption_row
            where parameter = concat(of_status, '_realised_share') and applies_to = '*' and year = '*'
        ), 1)
    end;
comment on macro status_weight is 'Share of announced money that is reckoned to flow, by status of the deal [share]';
