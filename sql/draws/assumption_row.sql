-- One row per row of assumption, with the parameter that it sets and the key that names the row.
create or replace view assumption_row as
select
    split_part(assumption_id, '.', 1) as parameter,
    assumption_id,
    concat(assumption_id, '@', applies_to, '@', year) as assumption_key,
    applies_to,
    year,
    low,
    best,
    high,
    unit,
    coalesce(distribution, 'lognormal') as distribution,
    source_id,
    note,
from assumption;
comment on view assumption_row is 'Assumptions with the parameter that they set; one row per row of assumption';
