-- The claims through which a deal stands at a site at a date: its own and those of the deals inside it, of deals that are reckoned.
-- A claim of a deal inside another claiming deal of the site within the same deal is the same capacity and is left out.
-- One row per deal, site and claim.
create or replace macro deal_site_claim_as_of(as_of) as table
with newest as (
    select
        claim.claim_id,
        claim.deal_id,
        claim.site_id,
        claim.share_best,
        coalesce(claim.share_low, claim.share_best) as low,
        coalesce(claim.share_high, claim.share_best) as high,
        deal.layer,
    from claim
    inner join deal using (deal_id)
    where claim.known_on <= as_of and deal.status not in ('rumoured', 'cancelled')
    qualify row_number() over (partition by claim.deal_id, claim.site_id order by claim.known_on desc, claim.claim_id) = 1
),

held as (
    select
        newest.deal_id as whole_deal_id,
        newest.*,
    from newest
    union all
    select
        deal_ancestor.ancestor_id as whole_deal_id,
        newest.*,
    from newest
    inner join deal_ancestor using (deal_id)
)

select
    held.whole_deal_id as deal_id,
    held.site_id,
    held.layer,
    held.claim_id,
    held.low,
    held.share_best,
    held.high,
    concat('claim.', held.claim_id) as stream_id,
from held
where not exists (
    select 1
    from deal_ancestor
    inner join held as outer_claim on deal_ancestor.ancestor_id = outer_claim.deal_id
    where
        deal_ancestor.deal_id = held.deal_id
        and outer_claim.whole_deal_id = held.whole_deal_id
        and outer_claim.site_id = held.site_id
);
comment on macro table deal_site_claim_as_of is 'Claims through which a deal and the deals inside it stand at a site at a date; one row per deal, site and claim';
