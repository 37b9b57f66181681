-- The balance of cloud commitments as known on the newest day of the ledger. One row per deal.
create or replace view commitment_balance as
select *
from commitment_balance_as_of((select as_of from newest_known_on));
comment on view commitment_balance is 'The balance of cloud commitments as known on the newest day of the ledger; one row per deal';
