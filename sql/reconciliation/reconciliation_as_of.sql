-- The reconciliation of every programme at a date, in every measure, with intervals and the reason of the remainder.
-- within_interval: zero lies inside the 5-95 % interval; over_identified: more is identified than pledged; site_without_figure:
-- a claimed site states no capacity; unsited: pledged, and no site is known. One row per programme and measure.
create or replace macro reconciliation_as_of(as_of) as table
with interval_of as (
    select
        programme_id,
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
        avg((unidentified <= 0)::double) as is_met_probability,
    from reconciliation_draw_as_of(as_of)
    group by programme_id, measure
),

without_figure as (
    select
        deal.programme_id,
        count(distinct claim.site_id) as site_count,
    from claim
    inner join deal using (deal_id)
    where
        claim.known_on <= as_of
        and claim.site_id not in (select site_id from site_line_as_of(as_of))
    group by deal.programme_id
)

select
    interval_of.programme_id,
    programme.name,
    interval_of.measure,
    measure.unit,
    interval_of.* exclude (programme_id, measure),
    case
        when interval_of.unidentified_p50 is null then null
        when interval_of.unidentified_p95 < 0 then 'over_identified'
        when interval_of.unidentified_p05 <= 0 then 'within_interval'
        when without_figure.site_count > 0 then 'site_without_figure'
        else 'unsited'
    end as reason,
from interval_of
inner join programme using (programme_id)
inner join measure using (measure)
left join without_figure using (programme_id)
order by interval_of.programme_id, interval_of.measure;
comment on macro table reconciliation_as_of is 'Reconciliation of every programme at a date with intervals and the reason of the remainder; one row per programme and measure';
