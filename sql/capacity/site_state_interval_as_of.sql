-- The states through which sites pass by quarter, as mean and percentiles [5th, 50th, 95th] over draws. One row per state.
create or replace macro site_state_interval_as_of(as_of) as table
select
    site_id,
    state_id,
    avg(operational) as operational_mean,
    quantile_cont(operational, [0.05, 0.5, 0.95]) as operational,
    avg(operational_or_planned) as operational_or_planned_mean,
    quantile_cont(operational_or_planned, [0.05, 0.5, 0.95]) as operational_or_planned,
from site_state_draw_as_of(as_of)
group by site_id, state_id;
comment on macro table site_state_interval_as_of is 'States through which sites pass by quarter as mean and percentiles over draws; one row per state';
