-- The claims by which sites serve programmes at a date, in their newest version, with the spread of their shares.
-- A claim of a deal inside another claiming deal of the same site and programme is the same capacity and is left out.
-- One row per programme, deal and site.
create or replace macro claim_line_as_of(as_of) as table
with newest as (
    select
        claim.*,
        deal.programme_id,
        deal.layer,
        coalesce(claim.share_low, claim.share_best) as low,
        coalesce(claim.share_high, claim.share_best) as high,
        concat('claim.', claim.claim_id) as stream_id,
    from claim
    inner join deal using (deal_id)
    where claim.known_on <= as_of and deal.programme_id is not null and deal.status <> 'cancelled'
    qualify row_number() over (
        partition by claim.deal_id, claim.site_id
        order by claim.known_on desc, claim.claim_id
    ) = 1
)

select newest.*
from newest
where not exists (
    select 1
    from deal_ancestor
    inner join newest as whole on deal_ancestor.ancestor_id = whole.deal_id
    where
        deal_ancestor.deal_id = newest.deal_id
        and whole.site_id = newest.site_id
        and whole.programme_id = newest.programme_id
);
comment on macro table claim_line_as_of is 'Claims by which sites serve programmes at a date, with the spread of their shares; one row per programme, deal and site';
