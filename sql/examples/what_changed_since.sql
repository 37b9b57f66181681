-- What changed in the reconciliation of each programme since a day? [MW of IT power, mean]
-- Kept are the ends of quarters; for any other day ask reconciliation_as_of(day), which draws anew.
with day as (
    select '2026-06-30'::date as since
)

select
    now.programme_id,
    round(now.pledged_mean - coalesce(before.pledged_mean, 0), 1) as pledged_change_mw_mean,
    round(now.operational_mean - coalesce(before.operational_mean, 0), 1) as operational_change_mw_mean,
    round(now.under_construction_mean - coalesce(before.under_construction_mean, 0), 1) as under_construction_change_mw_mean,
    round(now.planned_mean - coalesce(before.planned_mean, 0), 1) as planned_change_mw_mean,
    round(now.unidentified_mean - coalesce(before.unidentified_mean, 0), 1) as unidentified_change_mw_mean,
    before.reason as reason_before,
    now.reason as reason_now,
from reconciliation as now
cross join day
left join reconciliation_by_quarter as before
    on now.programme_id = before.programme_id and now.measure = before.measure and day.since = before.as_of
where now.measure = 'it_power'
order by abs(operational_change_mw_mean) + abs(under_construction_change_mw_mean) desc, now.programme_id;
