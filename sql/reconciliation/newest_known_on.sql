-- The newest day on which anything in the ledger became known: the default of as_of, so that the same facts give the same answer.
-- One row.
create or replace view newest_known_on as
select max(known_on) as as_of
from (
    select known_on
    from statement
    union all
    select known_on
    from milestone
    union all
    select known_on
    from claim
    union all
    select known_on
    from consumption
    union all
    select known_on
    from inclusion
);
comment on view newest_known_on is 'Newest day on which a fact of the ledger became known: the default of as_of; one row';
