-- The reconciliation of every programme at a date with intervals and the reason of the remainder.
-- measures: those asked for, null for all. One row per programme and measure.
create or replace macro reconciliation_as_of(as_of, measures := null) as table
with summary as (
    select
        programme_id,
        measure,
        avg(pledged) as pledged_mean,
        quantile_cont(pledged, [0.05, 0.50, 0.95]) as pledged_points,
        avg(operational) as operational_mean,
        quantile_cont(operational, [0.05, 0.50, 0.95]) as operational_points,
        avg(under_construction) as under_construction_mean,
        quantile_cont(under_construction, [0.05, 0.50, 0.95]) as under_construction_points,
        avg(planned) as planned_mean,
        quantile_cont(planned, [0.05, 0.50, 0.95]) as planned_points,
        avg(unidentified) as unidentified_mean,
        quantile_cont(unidentified, [0.05, 0.50, 0.95]) as unidentified_points,
        avg(case when unidentified <= 0 then 1.0 when unidentified > 0 then 0.0 end) as is_met_probability,
    from reconciliation_draw_as_of(as_of, measures := measures)
    group by programme_id, measure
)

select
    summary.programme_id,
    programme.name,
    summary.measure,
    measure.unit,
    pledged_mean,
    pledged_points[1] as pledged_p05,
    pledged_points[2] as pledged_p50,
    pledged_points[3] as pledged_p95,
    operational_mean,
    operational_points[1] as operational_p05,
    operational_points[2] as operational_p50,
    operational_points[3] as operational_p95,
    under_construction_mean,
    under_construction_points[1] as under_construction_p05,
    under_construction_points[2] as under_construction_p50,
    under_construction_points[3] as under_construction_p95,
    planned_mean,
    planned_points[1] as planned_p05,
    planned_points[2] as planned_p50,
    planned_points[3] as planned_p95,
    unidentified_mean,
    unidentified_points[1] as unidentified_p05,
    unidentified_points[2] as unidentified_p50,
    unidentified_points[3] as unidentified_p95,
    is_met_probability,
    reason_of_remainder(
        unidentified_points[1],
        unidentified_points[3],
        coalesce(without_figure.site_count, 0)
    ) as reason,
from summary
inner join programme using (programme_id)
inner join measure on summary.measure = measure.measure
left join site_without_figure_as_of(as_of) as without_figure using (programme_id)
order by summary.programme_id, summary.measure;
comment on macro table reconciliation_as_of is 'Reconciliation of every programme at a date with intervals and the reason of the remainder; one row per programme and measure';
