-- What is announced more than once at a date, with intervals: gross is every reckoned deal of the scope and layer; inside lies in
-- another of them; shared is the same capacity at one site; included is told by two deals by an inclusion; overlap is all three;
-- counted once the rest. Scopes: each programme, each beneficiary, each layer, and the industry. Layer `all` takes every layer
-- together, where a lease, a chip order and a cloud contract tell of one gigawatt; it is no sum of the layers. Rumoured and
-- cancelled deals are not reckoned.
-- measures: those asked for, null for all. One row per scope, layer and measure.
create or replace macro overlap_as_of(as_of, measures := null) as table
with size as (
    select
        scope_kind,
        scope_id,
        layer,
        count(*) as deal_count,
        count(*) filter (not is_inside) as top_deal_count,
    from overlap_scope_as_of(as_of)
    group by scope_kind, scope_id, layer
)

select
    summary.scope_kind,
    summary.scope_id,
    summary.layer,
    summary.measure,
    measure.unit,
    gross_mean,
    gross_points[1] as gross_p05,
    gross_points[2] as gross_p50,
    gross_points[3] as gross_p95,
    inside_mean,
    shared_mean,
    included_mean,
    overlap_mean,
    overlap_points[1] as overlap_p05,
    overlap_points[2] as overlap_p50,
    overlap_points[3] as overlap_p95,
    counted_once_mean,
    counted_once_points[1] as counted_once_p05,
    counted_once_points[2] as counted_once_p50,
    counted_once_points[3] as counted_once_p95,
    size.deal_count,
    size.top_deal_count,
from overlap_interval_as_of(as_of, measures := measures) as summary
inner join size using (scope_kind, scope_id, layer)
inner join measure on summary.measure = measure.measure
order by summary.scope_kind, summary.scope_id, summary.layer, summary.measure;
comment on macro table overlap_as_of is 'Gross of all announcements, overlap, and what is counted once at a date, with intervals; one row per scope, layer and measure';
