-- Money between two organisations as known on the newest day of the ledger, see circular_flow_as_of. One row per ordered pair.
create or replace view circular_flow as
select *
from circular_flow_as_of((select as_of from newest_known_on));
comment on view circular_flow is 'Money that a party invested in a counterparty and that comes back as purchases; one row per ordered pair [USD]';
