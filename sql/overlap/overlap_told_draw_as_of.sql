-- What the outermost deals of a scope tell of each other at a date, draw by draw. shared: the same capacity at one site; included: what
-- one deal tells of another by an inclusion.
-- measures: those asked for, null for all. One row per scope, layer, measure and draw with either.
create or replace macro overlap_told_draw_as_of(as_of, measures := null) as table
with told as (
    select
        scope_kind,
        scope_id,
        layer,
        measure,
        draw,
        shared,
        0 as included,
    from shared_draw_as_of(as_of, measures)
    union all by name
    select
        *,
        0 as shared,
    from included_draw_as_of(as_of, measures)
)

select
    scope_kind,
    scope_id,
    layer,
    measure,
    draw,
    sum(shared) as shared,
    sum(included) as included,
from told
group by scope_kind, scope_id, layer, measure, draw;
comment on macro table overlap_told_draw_as_of is 'What the outermost deals of a scope tell of each other at a date, draw by draw; one row per scope, layer, measure and draw';
