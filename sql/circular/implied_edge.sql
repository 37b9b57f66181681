-- What of a cloud contract buys chips, and from whom, as known on the newest day of the ledger, see implied_edge_as_of.
-- One row per contract and designer.
create or replace view implied_edge as
select *
from implied_edge_as_of((select as_of from newest_known_on));
comment on view implied_edge is 'What of a cloud contract buys chips, and from whom, with intervals; one row per contract and designer [USD]';
