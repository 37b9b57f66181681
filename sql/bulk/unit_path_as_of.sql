-- The paths by which lines are rated at a date: what is stated, of which chip, delivered when, over which term, by whom.
-- One row per path.
create or replace macro unit_path_as_of(as_of, measures) as table
select distinct
    path_id,
    measure as stated_measure,
    chip_id,
    year,
    lag_from_year,
    assumed_term,
    own_ratio,
    position_key,
from unit_line_as_of(as_of, measures);
comment on macro table unit_path_as_of is 'Paths by which lines are rated at a date; one row per path';
