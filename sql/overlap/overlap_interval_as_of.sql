-- Gross of all announcements, overlap and what is counted once at a date, as means and percentiles [5th, 50th, 95th] over draws.
-- measures: those asked for, null for all. One row per scope, layer and measure.
create or replace macro overlap_interval_as_of(as_of, measures := null) as table
select
    scope_kind,
    scope_id,
    layer,
    measure,
    avg(gross) as gross_mean,
    quantile_cont(gross, [0.05, 0.50, 0.95]) as gross_points,
    avg(inside) as inside_mean,
    avg(shared) as shared_mean,
    avg(included) as included_mean,
    avg(overlap) as overlap_mean,
    quantile_cont(overlap, [0.05, 0.50, 0.95]) as overlap_points,
    avg(counted_once) as counted_once_mean,
    quantile_cont(counted_once, [0.05, 0.50, 0.95]) as counted_once_points,
from overlap_draw_as_of(as_of, measures := measures)
group by scope_kind, scope_id, layer, measure;
comment on macro table overlap_interval_as_of is 'Gross, overlap and what is counted once at a date as means and percentiles over draws; one row per scope, layer and measure';
