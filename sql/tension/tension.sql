-- The back-test as known on the newest day of the ledger. One row per pair of statements.
create or replace view tension as
select *
from tension_as_of((select as_of from newest_known_on));
comment on view tension is 'Pairs of statements held against each other as known on the newest day of the ledger; one row per pair';
