-- What was drawn from commitments as known at a date: of each deal, month, measure and chip the newest row.
-- One row per deal, month, measure and chip.
create or replace macro consumption_as_of(as_of) as table
select *
from consumption
where known_on <= as_of
qualify row_number() over (partition by deal_id, month, measure, chip_id order by known_on desc, consumption_id) = 1;
comment on macro table consumption_as_of is
'What was drawn from commitments as known at a date: of each deal, month, measure and chip the newest row; one row per deal, month,
measure and chip';
