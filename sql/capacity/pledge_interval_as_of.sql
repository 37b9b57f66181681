-- What the deals of a pledge come to, summed draw by draw, as mean and percentiles [5th, 50th, 95th]; unknown if a deal's amount is.
-- In it_power, chips, compute and total_capex. One row per set of deals (pledge_id) and measure.
create or replace macro pledge_interval_as_of(as_of) as table
with pledge_deal as (
    select
        pledge_id,
        unnest(any_value(deal_ids)) as deal_id,
    from pledged_deal_as_of(as_of)
    group by pledge_id
),

by_draw as (
    select
        pledge_deal.pledge_id,
        deal_draw.measure,
        deal_draw.draw,
        whole_sum(deal_draw.amount) as amount,
    from pledge_deal
    inner join deal_draw_as_of(as_of, ['it_power', 'chips', 'compute', 'total_capex']) as deal_draw using (deal_id)
    group by pledge_deal.pledge_id, deal_draw.measure, deal_draw.draw
)

select
    pledge_id,
    measure,
    avg(amount) as amount_mean,
    quantile_cont(amount, [0.05, 0.5, 0.95]) as amount,
from by_draw
group by pledge_id, measure;
comment on macro table pledge_interval_as_of is 'What the deals of a pledge come to as mean and percentiles over draws; one row per set of deals and measure';
