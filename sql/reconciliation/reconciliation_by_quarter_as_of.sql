-- The reconciliation of every programme as known at the end of each quarter in which a fact became known, up to a date and on it.
-- In it_power, chips, compute and total_capex. One row per day, programme and measure.
create or replace macro reconciliation_by_quarter_as_of(as_of) as table
with quarter as (
    select *
    from known_quarter_as_of(as_of)
)

select
    quarter.day as as_of,
    reconciled.*,
from quarter
cross join
    lateral (
        select *
        from reconciliation_as_of(quarter.day, measures := ['it_power', 'chips', 'compute', 'total_capex'])
    ) as reconciled
order by quarter.day, reconciled.programme_id, reconciled.measure;
comment on macro table reconciliation_by_quarter_as_of is 'Reconciliation of every programme as known at the end of each quarter up to a date and on it; one row per day, programme and measure';
