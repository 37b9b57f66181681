-- Milestones whose date moved, as known on the newest day of the ledger. One row per milestone with a moved date.
create or replace view milestone_slip as
select *
from milestone_slip_as_of((select as_of from newest_known_on));
comment on view milestone_slip is 'Milestones whose date moved, as known on the newest day of the ledger, in days; one row per milestone with a moved date';
