-- The quarters of a build-out at a date: from that of the first milestone to four years on. is_actual: the quarter has begun.
-- One row per quarter.
create or replace macro quarter_as_of(as_of) as table
with quarter as (
    select
        unnest(
            range(
                date_trunc('quarter', least(as_of, coalesce(min(on_date), as_of))::timestamp),
                (as_of + interval 4 years)::timestamp,
                interval 3 months
            )
        ) as first_day,
    from milestone
    where known_on <= as_of and stage in ('operational', 'planned')
)

select
    (first_day + interval 3 months - interval 1 day)::date as quarter_end,
    first_day <= as_of as is_actual,
from quarter;
comment on macro table quarter_as_of is 'Quarters from that of the first milestone to four years after a date; one row per quarter';
