-- Inclusions that hold between two outermost deals of a scope at a date: some of what the one tells is told by the other as well.
-- is_at_one_site: the two stand at one site, so that their capacity is told there. One row per scope, layer, part and whole.
create or replace macro included_top_as_of(as_of) as table
with placed as (
    select distinct
        scope_kind,
        scope_id,
        layer,
        deal_id as member_id,
        top_deal_id,
    from overlap_scope_as_of(as_of)
    union
    select
        scope.scope_kind,
        scope.scope_id,
        scope.layer,
        deal_ancestor.deal_id as member_id,
        scope.top_deal_id,
    from overlap_scope_as_of(as_of) as scope
    inner join deal_ancestor on scope.deal_id = deal_ancestor.ancestor_id
),

shared as (
    select *
    from shared_top_as_of(as_of)
),

neighbour as (
    select
        one.scope_kind,
        one.scope_id,
        one.layer,
        one.deal_id as part_top_id,
        other.deal_id as whole_top_id,
        min(one.site_id) as site_id,
    from shared as one
    inner join shared as other using (scope_kind, scope_id, layer, site_id)
    group by one.scope_kind, one.scope_id, one.layer, one.deal_id, other.deal_id
)

select
    part.scope_kind,
    part.scope_id,
    part.layer,
    inclusion.part_id,
    inclusion.whole_id,
    part.top_deal_id as part_top_id,
    whole.top_deal_id as whole_top_id,
    at_one_site.site_id is not null as is_at_one_site,
from inclusion
inner join placed as part on inclusion.part_id = part.member_id
inner join placed as whole
    on
        inclusion.whole_id = whole.member_id
        and part.scope_kind = whole.scope_kind
        and part.scope_id = whole.scope_id
        and part.layer = whole.layer
left join neighbour as at_one_site
    on
        part.scope_kind = at_one_site.scope_kind
        and part.scope_id = at_one_site.scope_id
        and part.layer = at_one_site.layer
        and part.top_deal_id = at_one_site.part_top_id
        and whole.top_deal_id = at_one_site.whole_top_id
where inclusion.known_on <= as_of and part.top_deal_id <> whole.top_deal_id
qualify row_number() over (
    partition by part.scope_kind, part.scope_id, part.layer, inclusion.part_id, inclusion.whole_id
    order by inclusion.inclusion_id
) = 1;
comment on macro table included_top_as_of is 'Inclusions between two outermost deals of a scope at a date; one row per scope, layer, part and whole';
