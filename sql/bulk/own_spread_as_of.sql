-- The spreads of their own on which programmes rest at a date: of deals, of milestones and of claims. A claimed share is at most 1.
-- One row per stream and shape; shape_id names the shape.
create or replace macro own_spread_as_of(as_of, measures) as table
with own as (
    select
        stream_id,
        low,
        best,
        high,
        distribution,
        smallest_factor,
        largest_factor,
    from unit_line_as_of(as_of, measures)
    where stream_id is not null
    union
    select
        stream_id,
        low,
        share_best as best,
        high,
        'uniform' as distribution,
        0.0 as smallest_factor,
        1.0 as largest_factor,
    from claim_line_as_of(as_of)
    where low < high
)

select
    *,
    dense_rank() over (order by low, best, high, distribution, smallest_factor, largest_factor) as shape_id,
from own;
comment on macro table own_spread_as_of is 'Spreads of their own on which programmes rest at a date; one row per stream and shape';
