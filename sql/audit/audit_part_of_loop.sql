-- Deals that are part of themselves through other deals. One row per deal in a loop.
create or replace view audit_part_of_loop as
with loop_end as (
    select
        deal_id,
        min(distance) as distance,
    from deal_ancestor
    where deal_id = ancestor_id
    group by deal_id
)

select
    loop_end.deal_id as subject_id,
    concat(
        'deal ', loop_end.deal_id, ' is part of itself: it lies in ',
        string_agg(deal_ancestor.ancestor_id, ', that in ' order by deal_ancestor.distance)
    ) as detail,
from loop_end
inner join deal_ancestor
    on loop_end.deal_id = deal_ancestor.deal_id and loop_end.distance >= deal_ancestor.distance
group by loop_end.deal_id;
comment on view audit_part_of_loop is 'Deals that are part of themselves through other deals; one row per deal in a loop';
