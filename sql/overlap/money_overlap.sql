-- Dollars announced more than once as known on the newest day of the ledger, see money_overlap_as_of. One row per scope and kind.
create or replace view money_overlap as
select *
from money_overlap_as_of((select as_of from newest_known_on));
comment on view money_overlap is 'Dollars of all announcements, overlap, and what is counted once; one row per scope and kind of money [USD]';
