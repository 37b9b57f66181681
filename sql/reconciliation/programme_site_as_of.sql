-- What each site contributes to each programme at a date, with intervals. measures: those asked for, null for all.
-- One row per programme, site and measure.
create or replace macro programme_site_as_of(as_of, measures := null) as table
select
    detail.programme_id,
    site.name,
    detail.site_id,
    detail.state,
    detail.country,
    detail.measure,
    measure.unit,
    detail.operational_mean,
    detail.operational_p05,
    detail.operational_p50,
    detail.operational_p95,
    detail.under_construction_mean,
    detail.under_construction_p05,
    detail.under_construction_p50,
    detail.under_construction_p95,
    detail.planned_mean,
    detail.planned_p05,
    detail.planned_p50,
    detail.planned_p95,
from reconciliation_detail_as_of(as_of, measures := measures) as detail
inner join measure on detail.measure = measure.measure
left join site using (site_id)
where detail.level = 'site'
order by all;
comment on macro table programme_site_as_of is 'Contribution of each site to each programme at a date with intervals; one row per programme, site and measure';
