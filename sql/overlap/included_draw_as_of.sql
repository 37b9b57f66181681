-- What the outermost deals of a scope tell of each other at a date through inclusions, draw by draw: the included share of the part,
-- at most the deal that includes it. Capacity at a site that both share is left to the site.
-- measures: those asked for, null for all. One row per scope, layer, measure and draw.
create or replace macro included_draw_as_of(as_of, measures) as table
with included as materialized (
    select *
    from included_top_as_of(as_of)
    where not is_at_one_site
),

amount as materialized (
    select *
    from deal_draw_as_of(
        as_of,
        measures := measures,
        deals := (select list(part_id) || list(whole_id) from included)
    )
)

select
    included.scope_kind,
    included.scope_id,
    included.layer,
    part.measure,
    part.draw,
    sum(least(share.share * part.amount, coalesce(whole.amount, 'infinity'::double))) as included,
from included
inner join inclusion_draw_as_of(as_of) as share using (part_id, whole_id)
inner join amount as part on included.part_id = part.deal_id and share.draw = part.draw
left join amount as whole on included.whole_id = whole.deal_id and part.measure = whole.measure and part.draw = whole.draw
group by included.scope_kind, included.scope_id, included.layer, part.measure, part.draw;
comment on macro table included_draw_as_of is 'What the outermost deals of a scope tell of each other through inclusions, draw by draw; one row per scope, layer, measure and draw';
