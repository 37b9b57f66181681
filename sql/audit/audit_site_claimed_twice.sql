-- Sites of which the deals of one layer claim more than the whole, over all programmes.
-- A deal inside another claiming deal of the site and layer claims the same capacity and does not count; across layers the same
-- capacity may be claimed again. The newest version of each claim counts. One row per site and layer.
create or replace view audit_site_claimed_twice as
with newest as (
    select
        claim.*,
        deal.layer,
    from claim
    inner join deal using (deal_id)
    where deal.status not in ('rumoured', 'cancelled')
    qualify row_number() over (partition by claim.deal_id, claim.site_id order by claim.known_on desc, claim.claim_id) = 1
),

outermost as (
    select newest.*
    from newest
    where not exists (
        select 1
        from deal_ancestor
        inner join newest as whole on deal_ancestor.ancestor_id = whole.deal_id
        where
            deal_ancestor.deal_id = newest.deal_id
            and whole.site_id = newest.site_id
            and whole.layer = newest.layer
    )
)

select
    site_id as subject_id,
    printf(
        'deals of layer %s claim %.4g of the site %s: %s', layer, sum(share_best), site_id,
        string_agg(concat(deal_id, ' ', share_best), ', ' order by deal_id)
    ) as detail,
from outermost
group by site_id, layer
having sum(share_best) > 1 + 1e-9;
comment on view audit_site_claimed_twice is 'Sites of which the deals of one layer claim more than the whole; one row per site and layer';
