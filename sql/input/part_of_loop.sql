-- No deal is part of itself, directly or through others. One row per deal in a loop.
with recursive chain as (
    select
        deal_id as start_id,
        part_of as next_id,
    from deal
    where part_of is not null
    union
    select
        chain.start_id,
        deal.part_of as next_id,
    from chain
    inner join deal on chain.next_id = deal.deal_id
    where deal.part_of is not null
)

select
    deal._file,
    deal._line,
    'part_of' as _column,
    deal.part_of as _value,
    concat('expected no loop; ', deal.deal_id, ' is part of itself') as _expected,
from deal
where deal.part_of is not null and deal.deal_id in (
    select start_id from chain
    where next_id = start_id
);
