-- The accounts of every programme at a date, and what its sites and states contribute, with intervals.
-- measures: those asked for, null for all. One row per level (programme, state, site), place, programme and measure.
create or replace macro reconciliation_detail_as_of(as_of, measures := null) as table
select
    level,
    programme_id,
    country,
    state,
    site_id,
    measure,
    avg(pledged) as pledged_mean,
    quantile_cont(pledged, 0.05) as pledged_p05,
    quantile_cont(pledged, 0.50) as pledged_p50,
    quantile_cont(pledged, 0.95) as pledged_p95,
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
    avg(unidentified) as unidentified_mean,
    quantile_cont(unidentified, 0.05) as unidentified_p05,
    quantile_cont(unidentified, 0.50) as unidentified_p50,
    quantile_cont(unidentified, 0.95) as unidentified_p95,
    avg(case when unidentified <= 0 then 1.0 when unidentified > 0 then 0.0 end) as is_met_probability,
from reconciliation_draw_as_of(as_of, measures := measures)
group by level, programme_id, country, state, site_id, measure;
comment on macro table reconciliation_detail_as_of is 'Accounts of programmes at a date and the contribution of their sites and states, with intervals';
