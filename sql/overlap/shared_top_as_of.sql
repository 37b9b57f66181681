-- The outermost deals of each scope that stand at a site at which another of them stands, at a date.
-- share_best: of the site [share]. One row per scope, layer, deal and site.
create or replace macro shared_top_as_of(as_of) as table
select
    scope.scope_kind,
    scope.scope_id,
    scope.layer,
    deal.layer as deal_layer,
    scope.deal_id,
    shared.site_id,
    shared.share_best,
from overlap_scope_as_of(as_of) as scope
inner join deal using (deal_id)
inner join shared_site_as_of(as_of) as shared using (deal_id)
where not scope.is_inside
qualify count(*) over (partition by scope.scope_kind, scope.scope_id, scope.layer, shared.site_id) > 1;
comment on macro table shared_top_as_of is 'Outermost deals of each scope that stand at one site with another of them; one row per scope, layer, deal and site';
