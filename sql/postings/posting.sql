-- The one fact table as known on the newest day of the ledger. One row per entry, account and measure.
create or replace view posting as
select *
from posting_as_of((select as_of from newest_known_on));
comment on view posting is 'Pledges, milestones and claims of the ledger as entries that sum to zero; one row per entry, account and measure';
