-- What is announced more than once as known on the newest day of the ledger, see overlap_as_of. One row per scope, layer and measure.
create or replace view overlap as
select *
from overlap_as_of((select as_of from newest_known_on));
comment on view overlap is 'Gross of all announcements, overlap, and what is counted once, with intervals; one row per scope, layer and measure';
