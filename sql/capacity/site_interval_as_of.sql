-- Sites by stage at a date, as mean and percentiles [5th, 50th, 95th] over draws.
-- measures: those asked for, null for all. One row per site and measure.
create or replace macro site_interval_as_of(as_of, measures := null) as table
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
group by site_id, measure;
comment on macro table site_interval_as_of is 'Sites by stage at a date as mean and percentiles over draws; one row per site and measure';
