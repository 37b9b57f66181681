-- The balance of every cloud commitment from which something was drawn, at a date: committed, consumed and remaining dollars, and
-- the chips that the contract implies (by the rates, with their interval) beside those that were billed. committed_usd: the face
-- value of the newest contract that its sources state; billed_chip_count: chip-hours of the last billed month over its hours.
-- One row per deal.
create or replace macro commitment_balance_as_of(as_of) as table
with drawn as (
    select
        deal_id,
        min(month) as first_billed_month,
        max(month) as last_billed_month,
        sum(amount) filter (measure = 'cloud_contract') as consumed_usd,
        sum(amount) filter (measure = 'cloud_contract' and chip_id is not null) as accelerator_usd,
        sum(amount) filter (measure = 'chip_hours') as billed_chip_hours,
    from consumption_as_of(as_of)
    group by deal_id
),

monthly as (
    select
        deal_id,
        month,
        sum(amount) / (date_diff('day', month, month + interval 1 month) * 24) as billed_chip_count,
    from consumption_as_of(as_of)
    where measure = 'chip_hours'
    group by deal_id, month
),

billed as (
    select
        deal_id,
        max_by(billed_chip_count, month) as billed_chip_count,
        max(billed_chip_count) as most_billed_chip_count,
    from monthly
    group by deal_id
),

contract as (
    select
        deal_id,
        stated_amount(qualifier, amount_low, amount_best, amount_high) as committed_usd,
    from statement
    where measure = 'cloud_contract' and known_on <= as_of
    qualify row_number() over (partition by deal_id order by known_on desc, statement_id) = 1
),

implied as (
    select
        deal_id,
        avg(amount) as implied_chip_count_mean,
        quantile_cont(amount, [0.05, 0.50, 0.95]) as points,
    from deal_draw_as_of(as_of, measures := ['chips'], deals := (select list(deal_id) from drawn))
    group by deal_id
)

select
    deal.deal_id,
    deal.title,
    deal.programme_id,
    contract.committed_usd,
    coalesce(drawn.consumed_usd, 0) as consumed_usd,
    contract.committed_usd - coalesce(drawn.consumed_usd, 0) as remaining_usd,
    coalesce(drawn.consumed_usd, 0) / nullif(contract.committed_usd, 0) as consumed_share,
    least(1, greatest(0, date_diff('day', deal.starts_on, (drawn.last_billed_month + interval 1 month)::date)
    / nullif(date_diff('day', deal.starts_on, coalesce(
        deal.ends_on, deal.starts_on + to_days((deal.term_years * 365.25)::integer)
    )), 0))) as elapsed_share,
    drawn.first_billed_month,
    drawn.last_billed_month,
    implied.implied_chip_count_mean,
    implied.points[1] as implied_chip_count_p05,
    implied.points[2] as implied_chip_count_p50,
    implied.points[3] as implied_chip_count_p95,
    billed.billed_chip_count,
    billed.most_billed_chip_count,
    drawn.billed_chip_hours,
    drawn.accelerator_usd / nullif(drawn.billed_chip_hours, 0) as billed_usd_per_chip_hour,
from drawn
inner join deal using (deal_id)
left join contract using (deal_id)
left join implied using (deal_id)
left join billed using (deal_id)
order by deal.deal_id;
comment on macro table commitment_balance_as_of is
'The balance of every cloud commitment from which something was drawn, at a date: committed, consumed and remaining dollars, and the
chips that the contract implies beside those billed; one row per deal';
