-- The days on which what is known is looked back at: the end of each quarter in which a fact became known, at most the date itself.
-- One row per day.
create or replace macro known_quarter_as_of(as_of) as table
with known as (
    select known_on
    from statement
    where known_on <= as_of
    union
    select known_on
    from milestone
    where known_on <= as_of
    union
    select known_on
    from claim
    where known_on <= as_of
)

select distinct
    least(
        as_of,
        (date_trunc('quarter', known_on::timestamp) + interval 3 months - interval 1 day)::date
    ) as day,
from known;
comment on macro table known_quarter_as_of is 'Ends of the quarters in which a fact became known, at most a date itself; one row per day';
