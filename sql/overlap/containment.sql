-- What lies in what as known on the newest day of the ledger, see containment_as_of. One row per part, whole, relation and site.
create or replace view containment as
select *
from containment_as_of((select as_of from newest_known_on));
comment on view containment is 'What lies in what: deals in deals, deals at sites, deals that share a site; one row per part, whole, relation and site';
