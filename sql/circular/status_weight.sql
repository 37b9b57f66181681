-- The share of announced money that is reckoned to flow, by the status of the deal [share]: the weights of circular flows.
create or replace macro status_weight(status) as
    case status
        when 'rumoured' then 0.2
        when 'letter_of_intent' then 0.5
        when 'announced' then 0.6
        when 'binding' then 0.95
        when 'closed' then 1.0
        when 'cancelled' then 0.0
    end;
comment on macro status_weight is 'Share of announced money that is reckoned to flow, by status of the deal [share]';
