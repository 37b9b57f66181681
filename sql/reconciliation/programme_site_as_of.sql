-- What each site contributes to each programme at a date, with intervals. One row per programme, site and measure.
create or replace macro programme_site_as_of(as_of) as table
with by_draw as (
    select
        programme_id,
        site_id,
        measure,
        draw,
        sum(operational) as operational,
        sum(under_construction) as under_construction,
        sum(planned) as planned,
        sum(operational + under_construction + planned) as identified,
    from programme_site_draw_as_of(as_of)
    group by programme_id, site_id, measure, draw
)

select
    by_draw.programme_id,
    by_draw.site_id,
    site.name,
    site.state,
    site.country,
    by_draw.measure,
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
    avg(identified) as identified_mean,
    quantile_cont(identified, 0.05) as identified_p05,
    quantile_cont(identified, 0.50) as identified_p50,
    quantile_cont(identified, 0.95) as identified_p95,
from by_draw
inner join measure using (measure)
inner join site using (site_id)
group by all
order by all;
comment on macro table programme_site_as_of is 'Contribution of sites to programmes at a date with intervals; one row per programme, site and measure';
