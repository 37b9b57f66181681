-- The ramp of every programme as known at a date: what is operational at the end of each quarter (the running quarter: at as_of;
-- later ones: unknown), what is operational or planned by then, and what was pledged by then, with intervals.
-- Only it_power, chips, compute and total_capex: draws for every measure and quarter would take seconds.
-- One row per programme, quarter and measure, from the quarter of the first milestone to four years after the date.
create or replace macro build_out_by_quarter_as_of(as_of) as table
with pledge as materialized (
    select *
    from pledge_by_quarter_as_of(as_of)
),

built as materialized (
    select *
    from site_share_by_quarter_as_of(as_of)
),

either as (
    select
        programme_id,
        measure,
        true as is_pledged,
    from pledge
    union all
    select
        programme_id,
        measure,
        false as is_pledged,
    from built
),

ramp as (
    select
        programme_id,
        measure,
        bool_or(is_pledged) as is_pledged,
    from either
    group by programme_id, measure
)

select
    ramp.programme_id,
    quarter.quarter_end,
    ramp.measure,
    measure.unit,
    quarter.is_actual,
    case when not quarter.is_actual then null when built.quarter_end is null then 0 else operational_mean end as operational_mean,
    case when not quarter.is_actual then null when built.quarter_end is null then 0 else operational[1] end as operational_p05,
    case when not quarter.is_actual then null when built.quarter_end is null then 0 else operational[2] end as operational_p50,
    case when not quarter.is_actual then null when built.quarter_end is null then 0 else operational[3] end as operational_p95,
    case when built.quarter_end is null then 0 else operational_or_planned_mean end as operational_or_planned_mean,
    case when built.quarter_end is null then 0 else operational_or_planned[1] end as operational_or_planned_p05,
    case when built.quarter_end is null then 0 else operational_or_planned[2] end as operational_or_planned_p50,
    case when built.quarter_end is null then 0 else operational_or_planned[3] end as operational_or_planned_p95,
    case when ramp.is_pledged and pledge.quarter_end is null then 0 else pledged_mean end as pledged_mean,
    case when ramp.is_pledged and pledge.quarter_end is null then 0 else pledged_p05 end as pledged_p05,
    case when ramp.is_pledged and pledge.quarter_end is null then 0 else pledged_p50 end as pledged_p50,
    case when ramp.is_pledged and pledge.quarter_end is null then 0 else pledged_p95 end as pledged_p95,
from ramp
cross join quarter_as_of(as_of) as quarter
inner join measure using (measure)
left join built
    on ramp.programme_id = built.programme_id and ramp.measure = built.measure and quarter.quarter_end = built.quarter_end
left join pledge
    on ramp.programme_id = pledge.programme_id and ramp.measure = pledge.measure and quarter.quarter_end = pledge.quarter_end
order by ramp.programme_id, ramp.measure, quarter.quarter_end;
comment on macro table build_out_by_quarter_as_of is 'Ramp of every programme by quarter as known at a date, with intervals; one row per programme, quarter and measure';
