-- Sites at a date in every measure, with intervals. One row per site and measure.
create or replace macro site_capacity_as_of(as_of, measures := null) as table
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
from site_interval_as_of(as_of, measures := measures) as interval_of
inner join site using (site_id)
inner join measure using (measure)
order by all;
comment on macro table site_capacity_as_of is 'Operational, under construction and planned capacity of sites at a date with intervals; one row per site and measure';
