-- What the claimed sites of programmes come to in each quarter, with intervals: claimed share x state of the site.
-- One row per programme, quarter and measure with a state.
create or replace macro site_share_by_quarter_as_of(as_of) as table
select
    held.programme_id,
    held.quarter_end,
    held.measure,
    interval_of.* exclude (held_id),
from held_state_as_of(as_of) as held
inner join held_interval_as_of(as_of) as interval_of using (held_id);
comment on macro table site_share_by_quarter_as_of is 'What the claimed sites of programmes come to in each quarter, with intervals; one row per programme, quarter and measure';
