-- Sites at a date in every measure, with intervals. One row per site and measure.
create or replace macro site_capacity_as_of(as_of, measures := null) as table
with interval_of as (
    select
        site_id,
        measure,
        avg(operational) as operational_mean,
        quantile_cont(operational, [0.05, 0.50, 0.95]) as operational,
        avg(under_construction) as under_construction_mean,
        quantile_cont(under_construction, [0.05, 0.50, 0.95]) as under_construction,
        avg(planned) as planned_mean,
        quantile_cont(planned, [0.05, 0.50, 0.95]) as planned,
    from site_draw_as_of(as_of, measures := measures)
    group by site_id, measure
)

select
    interval_of.site_id,
    site.name,
    site.state,
    site.country,
    interval_of.measure,
    measure.unit,
    operational_mean,
    operational[1] as operational_p05,
    operational[2] as operational_p50,
    operational[3] as operational_p95,
    under_construction_mean,
    under_construction[1] as under_construction_p05,
    under_construction[2] as under_construction_p50,
    under_construction[3] as under_construction_p95,
    planned_mean,
    planned[1] as planned_p05,
    planned[2] as planned_p50,
    planned[3] as planned_p95,
from interval_of
inner join site using (site_id)
inner join measure using (measure)
order by all;
comment on macro table site_capacity_as_of is 'Operational, under construction and planned capacity of sites at a date with intervals; one row per site and measure';
