-- The reconciliation of every programme as known on the newest day of the ledger. One row per programme and measure.
create or replace view reconciliation as
select *
from reconciliation_as_of((select as_of from newest_known_on));
comment on view reconciliation is 'Reconciliation of every programme as known on the newest day of the ledger; one row per programme and measure';
