-- What the deals of a scope tell of the same sites more than once at a date, draw by draw: what its outermost deals have at a site,
-- less what they have there together. Deals of one layer stand beside each other, up to the whole site where their shares sum to
-- more than 1; those of several layers tell of the same capacity, so the largest layer counts.
-- measures: those asked for, null for all. One row per scope, layer, site, measure and draw.
create or replace macro shared_draw_as_of(as_of, measures) as table
with by_layer as (
    select
        top.scope_kind,
        top.scope_id,
        top.layer,
        top.site_id,
        stood.measure,
        stood.draw,
        sum(stood.amount) as told,
        greatest(told / greatest(1, sum(top.share_best)), least(told, any_value(stood.site_amount))) as stands,
    from shared_top_as_of(as_of) as top
    inner join deal_at_site_draw_as_of(as_of, measures) as stood using (deal_id, site_id)
    where stood.amount is not null
    group by top.scope_kind, top.scope_id, top.layer, top.deal_layer, top.site_id, stood.measure, stood.draw
)

select
    scope_kind,
    scope_id,
    layer,
    site_id,
    measure,
    draw,
    sum(told) - max(stands) as shared,
from by_layer
group by scope_kind, scope_id, layer, site_id, measure, draw;
comment on macro table shared_draw_as_of is 'Capacity of shared sites that the deals of a scope tell more than once, draw by draw; one row per scope, layer, site, measure and draw';
