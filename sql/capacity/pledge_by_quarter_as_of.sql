-- What programmes had pledged by the end of each quarter, from the statements known at as_of: the deals announced by then, without
-- those inside another announced deal of the programme. In it_power, chips, compute and total_capex; unknown if a deal's amount is.
-- One row per programme, quarter and measure; a programme without a statement of capacity has none.
create or replace macro pledge_by_quarter_as_of(as_of) as table
with counted as (
    select
        deal.programme_id,
        deal.deal_id,
        deal.announced_on,
        coalesce(min(whole.announced_on), '9999-12-31'::date) as until_date,
    from deal
    left join deal_ancestor using (deal_id)
    left join deal as whole on deal_ancestor.ancestor_id = whole.deal_id and deal.programme_id = whole.programme_id
    where deal.programme_id is not null
    group by deal.programme_id, deal.deal_id, deal.announced_on
),

by_draw as (
    select
        deal_id,
        measure,
        draw,
        amount,
    from deal_draw_as_of(as_of, ['it_power', 'chips', 'compute', 'total_capex'])
),

pledge as materialized (
    select
        counted.programme_id,
        quarter.quarter_end,
        list(counted.deal_id order by counted.deal_id) as deal_ids,
        md5_number_lower(array_to_string(deal_ids, ';')) as pledge_id,
    from counted
    inner join quarter_as_of(as_of) as quarter
        on counted.announced_on <= quarter.quarter_end and counted.until_date > quarter.quarter_end
    where counted.deal_id in (select deal_id from deal_line_as_of(as_of))
    group by counted.programme_id, quarter.quarter_end
),

pledge_deal as (
    select
        pledge_id,
        unnest(any_value(deal_ids)) as deal_id,
    from pledge
    group by pledge_id
),

pledge_draw as (
    select
        pledge_deal.pledge_id,
        by_draw.measure,
        by_draw.draw,
        whole_sum(by_draw.amount) as amount,
    from pledge_deal
    inner join by_draw using (deal_id)
    group by pledge_deal.pledge_id, by_draw.measure, by_draw.draw
),

interval_of as (
    select
        pledge_id,
        measure,
        avg(amount) as pledged_mean,
        quantile_cont(amount, [0.05, 0.5, 0.95]) as percentiles,
    from pledge_draw
    group by pledge_id, measure
)

select
    pledge.programme_id,
    pledge.quarter_end,
    interval_of.measure,
    interval_of.pledged_mean,
    interval_of.percentiles[1] as pledged_p05,
    interval_of.percentiles[2] as pledged_p50,
    interval_of.percentiles[3] as pledged_p95,
from pledge
inner join interval_of using (pledge_id);
comment on macro table pledge_by_quarter_as_of is 'What programmes had pledged by the end of each quarter, with intervals; one row per programme, quarter and measure';
