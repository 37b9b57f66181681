-- The dollars of a deal as known at a date, at face value: the widest price that the deal states, a yearly price times its term
-- (assumed where the deal has none). money_kind: equity, debt and guarantee are money of their own kind; all else is a commitment
-- to pay for chips, cloud, sites or building. One row per deal that states dollars, of any status.
create or replace macro deal_money_as_of(as_of) as table
with newest as (
    select *
    from statement_spread
    where known_on <= as_of
    qualify row_number() over (partition by deal_id, measure order by known_on desc, line_id) = 1
),

assumed_term as (
    select
        assumption_key,
        best as years,
    from assumption_row
    where parameter in ('lease_term_years', 'cloud_term_years')
),

priced as (
    select
        newest.*,
        deal.layer,
        deal.status,
        case when deal.layer in ('equity', 'debt', 'guarantee') then deal.layer else 'commitment' end as money_kind,
        newest.measure in ('cloud_spend', 'lease_spend') as is_yearly,
        newest.face_amount * case when is_yearly then coalesce(newest.term_years, assumed_term.years) else 1 end as face_usd,
        list_position(
            [
                'equity', 'debt', 'guarantee', 'cloud_contract', 'lease_contract', 'total_capex', 'unstated_capex', 'it_capex',
                'chip_capex', 'site_capex', 'cloud_spend', 'lease_spend',
            ],
            newest.measure
        ) as preference,
    from newest
    inner join deal using (deal_id)
    left join assumed_term on newest.term_key = assumed_term.assumption_key
    where preference is not null and face_usd is not null
)

select *
from priced
qualify row_number() over (partition by deal_id order by preference) = 1;
comment on macro table deal_money_as_of is 'Dollars of a deal as known at a date, at face value: its widest price; one row per deal that states dollars';
