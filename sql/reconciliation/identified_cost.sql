-- Dollars pledged per megawatt of IT identified, as known on the newest day of the ledger. One row per programme pledged in dollars.
create or replace view identified_cost as
select *
from identified_cost_as_of((select as_of from newest_known_on));
comment on view identified_cost is 'Dollars pledged per megawatt of IT identified, as known on the newest day of the ledger, with the verdict; one row per programme pledged in dollars';
