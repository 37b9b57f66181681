-- The reconciliation of every programme at a date with intervals and the reason of the remainder.
-- measures: those asked for, null for all. One row per programme and measure.
create or replace macro reconciliation_as_of(as_of, measures := null) as table
select
    detail.programme_id,
    programme.name,
    detail.measure,
    measure.unit,
    detail.* exclude (level, programme_id, country, state, site_id, measure),
    reason_of_remainder(
        detail.unidentified_p05,
        detail.unidentified_p95,
        coalesce(without_figure.site_count, 0)
    ) as reason,
from reconciliation_detail_as_of(as_of, measures := measures) as detail
inner join programme using (programme_id)
inner join measure on detail.measure = measure.measure
left join site_without_figure_as_of(as_of) as without_figure using (programme_id)
where detail.level = 'programme'
order by detail.programme_id, detail.measure;
comment on macro table reconciliation_as_of is 'Reconciliation of every programme at a date with intervals and the reason of the remainder; one row per programme and measure';
