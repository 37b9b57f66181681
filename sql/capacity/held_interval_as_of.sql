-- What the claimed sites of programmes come to by quarter: claimed share x state of the site, summed draw by draw, as mean and
-- percentiles [5th, 50th, 95th]. One row per programme and set of states (held_id).
create or replace macro held_interval_as_of(as_of) as table
with claimed as materialized (
    select *
    from claim_draw_as_of(as_of)
),

claimed_site as (
    select list(distinct site_id) as sites
    from claim
    where known_on <= as_of
),

held_state as (
    select
        programme_id,
        held_id,
        unnest(any_value(state_ids)) as state_id,
    from held_state_as_of(as_of)
    group by programme_id, held_id
),

by_draw as (
    select
        held_state.held_id,
        claimed.draw,
        whole_sum(claimed.share * state.operational) as operational,
        whole_sum(claimed.share * state.operational_or_planned) as operational_or_planned,
    from held_state
    inner join site_state_draw_as_of(as_of, sites := (select sites from claimed_site)) as state using (state_id)
    inner join claimed using (programme_id, site_id, draw)
    group by held_state.held_id, claimed.draw
)

select
    held_id,
    avg(operational) as operational_mean,
    quantile_cont(operational, [0.05, 0.5, 0.95]) as operational,
    avg(operational_or_planned) as operational_or_planned_mean,
    quantile_cont(operational_or_planned, [0.05, 0.5, 0.95]) as operational_or_planned,
from by_draw
group by held_id;
comment on macro table held_interval_as_of is 'What the claimed sites of programmes come to by quarter, as mean and percentiles; one row per programme and set of states';
