-- Deals that lie directly in another deal, with the mean amount that both announce. One row per part, whole and measure.
create or replace view overlap_pair as
select
    part.deal_id as part_deal_id,
    whole.deal_id as whole_deal_id,
    part.layer as part_layer,
    whole.layer as whole_layer,
    capacity.measure,
    capacity.unit,
    capacity.amount_mean,
from deal_ancestor
inner join deal as part using (deal_id)
inner join deal as whole on deal_ancestor.ancestor_id = whole.deal_id
inner join deal_capacity as capacity on part.deal_id = capacity.deal_id
where deal_ancestor.distance = 1
order by all;
comment on view overlap_pair is 'Deals that lie directly in another deal, with the mean amount that both announce; one row per part, whole and measure';
