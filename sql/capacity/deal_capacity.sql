-- Deals in every measure as known on the newest day of the ledger. One row per deal and measure.
create or replace view deal_capacity as
select *
from deal_capacity_as_of((select as_of from newest_known_on));
comment on view deal_capacity is 'Deals in every measure as known on the newest day of the ledger, with intervals; one row per deal and measure';
