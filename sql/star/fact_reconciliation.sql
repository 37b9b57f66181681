-- The reconciliation of every programme as known at the end of each quarter and on the newest day.
-- One row per day, programme and measure.
create or replace view fact_reconciliation as
select * exclude (name)
from reconciliation_by_quarter;
comment on view fact_reconciliation is 'Reconciliation of programmes as known at the end of each quarter and on the newest day; one row per day, programme and measure';
