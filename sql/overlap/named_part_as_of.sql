-- The outermost deals stated in chips, megawatts or compute inside an outermost deal that is stated in dollars alone, by scope.
-- Physical statements say more of capacity than a price does, so together they can raise what such a deal comes to.
-- One row per scope, layer and deal.
create or replace macro named_part_as_of(as_of) as table
with placed as (
    select
        scope.*,
        measure.unit not like 'USD%' as is_physical,
    from overlap_scope_as_of(as_of) as scope
    inner join deal_line_as_of(as_of) as line using (deal_id)
    inner join measure on line.measure = measure.measure
)

select
    part.scope_kind,
    part.scope_id,
    part.layer,
    part.top_deal_id,
    part.deal_id,
    deal.layer as deal_layer,
from placed as part
inner join deal using (deal_id)
where
    part.is_inside
    and part.is_physical
    and not exists (
        select 1
        from deal_ancestor
        inner join placed as between_them on deal_ancestor.ancestor_id = between_them.deal_id
        where
            deal_ancestor.deal_id = part.deal_id
            and between_them.is_physical
            and between_them.scope_kind = part.scope_kind
            and between_them.scope_id = part.scope_id
            and between_them.layer = part.layer
    );
comment on macro table named_part_as_of is 'Outermost physically stated deals inside outermost deals stated in dollars, by scope; one row per scope, layer and deal';
