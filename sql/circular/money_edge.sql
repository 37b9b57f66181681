-- Dollars that one organisation pays another as known on the newest day of the ledger, see money_edge_as_of. One row per deal.
create or replace view money_edge as
select *
from money_edge_as_of((select as_of from newest_known_on));
comment on view money_edge is 'Dollars that one organisation pays another under a deal: as stated, and what no other edge tells; one row per deal [USD]';
