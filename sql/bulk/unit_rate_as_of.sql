-- Which rates are asked for at a date: every path of a deal in all measures asked for, that of a milestone in those for which
-- it is chosen. One row per path and target measure; rate_id numbers them.
create or replace macro unit_rate_as_of(as_of, measures) as table
with line as materialized (
    select distinct
        path_id,
        target_measure,
    from unit_line_as_of(as_of, measures)
)

select
    path_id,
    target_measure,
    (row_number() over (order by path_id, target_measure))::integer as rate_id,
from (
    select
        line.path_id,
        target.measure as target_measure,
    from line
    cross join target_measure(measures) as target
    where line.target_measure is null
    union
    select
        path_id,
        target_measure,
    from line
    where target_measure is not null
);
comment on macro table unit_rate_as_of is 'Rates that are asked for at a date; one row per path and target measure';
