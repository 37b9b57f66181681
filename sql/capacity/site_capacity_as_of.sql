-- Sites at a date in every measure, with intervals. One row per site and measure.
create or replace macro site_capacity_as_of(as_of, measures := null) as table
select
    site_draw.site_id,
    site.name,
    site.state,
    site.country,
    site_draw.measure,
    measure.unit,
    avg(operational) as operational_mean,
    quantile_cont(operational, 0.05) as operational_p05,
    quantile_cont(operational, 0.50) as operational_p50,
    quantile_cont(operational, 0.95) as operational_p95,
    avg(under_construction) as under_construction_mean,
    quantile_cont(under_construction, 0.05) as under_construction_p05,
    quantile_cont(under_construction, 0.50) as under_construction_p50,
    quantile_cont(under_construction, 0.95) as under_construction_p95,
    avg(planned) as planned_mean,
    quantile_cont(planned, 0.05) as planned_p05,
    quantile_cont(planned, 0.50) as planned_p50,
    quantile_cont(planned, 0.95) as planned_p95,
from site_draw_as_of(as_of, measures := measures) as site_draw
inner join site using (site_id)
inner join measure using (measure)
group by all
order by all;
comment on macro table site_capacity_as_of is 'Operational, under construction and planned capacity of sites at a date with intervals; one row per site and measure';
