-- What sources state of deals. One row per statement.
create or replace view fact_statement as
select *
from statement;
comment on view fact_statement is 'What sources state of deals; one row per statement';
