-- The ramp of every site as known at a date: what is operational at the end of each quarter (the running quarter: at as_of; later
-- ones: unknown), and what is operational or planned by then, with intervals; before its first milestone a site has no row.
-- In it_power, chips, compute and total_capex. One row per site, quarter and measure.
create or replace macro site_by_quarter_as_of(as_of) as table
select
    stated.site_id,
    site.state,
    site.country,
    stated.quarter_end,
    stated.measure,
    measure.unit,
    quarter.is_actual,
    case when quarter.is_actual then state.operational_mean end as operational_mean,
    case when quarter.is_actual then state.operational[1] end as operational_p05,
    case when quarter.is_actual then state.operational[2] end as operational_p50,
    case when quarter.is_actual then state.operational[3] end as operational_p95,
    state.operational_or_planned_mean,
    state.operational_or_planned[1] as operational_or_planned_p05,
    state.operational_or_planned[2] as operational_or_planned_p50,
    state.operational_or_planned[3] as operational_or_planned_p95,
from site_quarter_as_of(as_of) as stated
inner join site_state_interval_as_of(as_of) as state using (site_id, state_id)
inner join quarter_as_of(as_of) as quarter using (quarter_end)
inner join site using (site_id)
inner join measure using (measure)
order by stated.site_id, stated.measure, stated.quarter_end;
comment on macro table site_by_quarter_as_of is 'Ramp of every site by quarter as known at a date, with intervals; one row per site, quarter and measure';
