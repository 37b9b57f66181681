-- Gross of all announcements, what of it is told twice, and what is counted once, at a date, draw by draw. Counted once is what the
-- outermost deals of the scope come to. inside: what lies inside them; shared: the same capacity at one site, told by deals of
-- which neither lies in the other; included: what one deal tells of another by an inclusion; overlap: all three. An outermost
-- deal stated in dollars alone comes to no less than its physically stated parts of one layer.
-- measures: those asked for, null for all. One row per scope, layer, measure and draw.
create or replace macro overlap_draw_as_of(as_of, measures := null) as table
with scope as materialized (
    select *
    from overlap_scope_as_of(as_of)
),

amount as materialized (
    select *
    from deal_draw_as_of(as_of, measures := measures)
),

part_layer as (
    select
        part.scope_kind,
        part.scope_id,
        part.layer,
        part.top_deal_id,
        amount.measure,
        amount.draw,
        sum(amount.amount) as named,
    from named_part_as_of(as_of) as part
    inner join amount using (deal_id)
    group by part.scope_kind, part.scope_id, part.layer, part.top_deal_id, part.deal_layer, amount.measure, amount.draw
),

beyond as (
    select
        part_layer.scope_kind,
        part_layer.scope_id,
        part_layer.layer,
        part_layer.measure,
        part_layer.draw,
        greatest(0, max(part_layer.named) - any_value(amount.amount)) as beyond,
    from part_layer
    inner join amount
        on
            part_layer.top_deal_id = amount.deal_id
            and part_layer.measure = amount.measure
            and part_layer.draw = amount.draw
    group by
        part_layer.scope_kind, part_layer.scope_id, part_layer.layer, part_layer.top_deal_id, part_layer.measure, part_layer.draw
),

named as (
    select
        scope_kind,
        scope_id,
        layer,
        measure,
        draw,
        sum(beyond) as beyond,
    from beyond
    group by scope_kind, scope_id, layer, measure, draw
),

announced as (
    select
        scope.scope_kind,
        scope.scope_id,
        scope.layer,
        amount.measure,
        amount.draw,
        whole_sum(amount.amount) as gross,
        whole_sum(case when scope.is_inside then amount.amount else 0 end) as nested,
    from scope
    inner join amount using (deal_id)
    group by scope.scope_kind, scope.scope_id, scope.layer, amount.measure, amount.draw
)

select
    announced.scope_kind,
    announced.scope_id,
    announced.layer,
    announced.measure,
    announced.draw,
    announced.gross,
    announced.nested - coalesce(named.beyond, 0) as inside,
    coalesce(told.shared, 0) as shared,
    coalesce(told.included, 0) as included,
    inside + coalesce(told.shared, 0) + coalesce(told.included, 0) as overlap,
    announced.gross - overlap as counted_once,
from announced
left join named using (scope_kind, scope_id, layer, measure, draw)
left join overlap_told_draw_as_of(as_of, measures := measures) as told using (scope_kind, scope_id, layer, measure, draw);
comment on macro table overlap_draw_as_of is 'Gross, overlap and what is counted once at a date, draw by draw; one row per scope, layer, measure and draw';
