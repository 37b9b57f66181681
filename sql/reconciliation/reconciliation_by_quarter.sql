-- The reconciliation of every programme as known at the end of each quarter in which a fact became known, and on the newest day.
-- In it_power, chips, compute and total_capex. One row per day, programme and measure.
create or replace view reconciliation_by_quarter as
select *
from reconciliation_by_quarter_as_of((select as_of from newest_known_on));
comment on view reconciliation_by_quarter is 'Reconciliation of every programme as known at the end of each quarter and on the newest day; one row per day, programme and measure';
