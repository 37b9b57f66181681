-- Sites in every measure as known on the newest day of the ledger. One row per site and measure.
create or replace view site_capacity as
select *
from site_capacity_as_of((select as_of from newest_known_on));
comment on view site_capacity is 'Sites in every measure as known on the newest day of the ledger, with intervals; one row per site and measure';
