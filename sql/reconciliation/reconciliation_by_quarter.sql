-- The reconciliation of every programme as known at the end of each quarter in which a fact became known, and on the newest day.
-- In it_power, chips, compute and total_capex. One row per day, programme and measure.
create or replace view reconciliation_by_quarter as
with known as (
    select known_on
    from statement
    union
    select known_on
    from milestone
    union
    select known_on
    from claim
),

quarter as (
    select distinct
        least(
            newest.as_of,
            (date_trunc('quarter', known.known_on::timestamp) + interval 3 months - interval 1 day)::date
        ) as as_of,
    from known
    cross join newest_known_on as newest
)

select
    quarter.as_of,
    reconciled.*,
from quarter
cross join
    lateral (
        select *
        from reconciliation_as_of(quarter.as_of, measures := ['it_power', 'chips', 'compute', 'total_capex'])
    ) as reconciled
order by quarter.as_of, reconciled.programme_id, reconciled.measure;
comment on view reconciliation_by_quarter is 'Reconciliation of every programme as known at the end of each quarter and on the newest day; one row per day, programme and measure';
