-- Every deal that contains a deal, directly or through others.
-- One row per deal and containing deal; part_of has no loops (the loader refuses them).
create or replace view deal_ancestor as
with recursive chain as (
    select
        deal_id,
        part_of as ancestor_id,
        1 as distance,
    from deal
    where part_of is not null
    union all
    select
        chain.deal_id,
        deal.part_of as ancestor_id,
        chain.distance + 1 as distance,
    from chain
    inner join deal on chain.ancestor_id = deal.deal_id
    where deal.part_of is not null and chain.distance < 100
)

select
    deal_id,
    ancestor_id,
    distance,
from chain;
comment on view deal_ancestor is 'Deals that contain a deal, directly or through others; one row per deal and containing deal';
