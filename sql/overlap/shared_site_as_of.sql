-- Deals that stand at a site at a date at which another deal stands that is neither inside it nor around it.
-- share_best: of the site [share], within a layer at most 1, across the layers of the deal's own claims the largest.
-- One row per deal and site.
create or replace macro shared_site_as_of(as_of) as table
with by_layer as (
    select
        deal_id,
        site_id,
        least(1, sum(share_best)) as share_best,
    from deal_site_claim_as_of(as_of)
    group by deal_id, site_id, layer
),

held as (
    select
        deal_id,
        site_id,
        max(share_best) as share_best,
    from by_layer
    group by deal_id, site_id
)

select
    held.deal_id,
    held.site_id,
    held.share_best,
from held
where exists (
    select 1
    from held as other
    where
        other.site_id = held.site_id
        and other.deal_id <> held.deal_id
        and not exists (
            select 1
            from deal_ancestor
            where
                (deal_ancestor.deal_id = held.deal_id and deal_ancestor.ancestor_id = other.deal_id)
                or (deal_ancestor.deal_id = other.deal_id and deal_ancestor.ancestor_id = held.deal_id)
        )
);
comment on macro table shared_site_as_of is 'Deals that stand at a site at which another deal stands, neither inside the other; one row per deal and site';
