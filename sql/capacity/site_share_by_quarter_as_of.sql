-- What the claimed sites of programmes come to in each quarter, with intervals: claimed share x state of the site, summed draw by
-- draw; quarters in which nothing changes are summed once. One row per programme, quarter and measure with a state.
create or replace macro site_share_by_quarter_as_of(as_of) as table
with claimed as materialized (
    select *
    from claim_draw_as_of(as_of)
),

claimed_site as (
    select list(distinct site_id) as sites
    from claim
    where known_on <= as_of
),

served as (
    select distinct
        programme_id,
        site_id,
    from claimed
),

held as materialized (
    select
        served.programme_id,
        quarter.quarter_end,
        quarter.measure,
        list(quarter.state_id order by quarter.state_id) as state_ids,
        md5_number_lower(concat(served.programme_id, ':', array_to_string(state_ids, ';'))) as held_id,
    from served
    inner join site_quarter_as_of(as_of, sites := (select sites from claimed_site)) as quarter using (site_id)
    group by served.programme_id, quarter.quarter_end, quarter.measure
),

held_state as (
    select
        programme_id,
        held_id,
        unnest(any_value(state_ids)) as state_id,
    from held
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
),

interval_of as (
    select
        held_id,
        avg(operational) as operational_mean,
        quantile_cont(operational, [0.05, 0.5, 0.95]) as operational,
        avg(operational_or_planned) as operational_or_planned_mean,
        quantile_cont(operational_or_planned, [0.05, 0.5, 0.95]) as operational_or_planned,
    from by_draw
    group by held_id
)

select
    held.programme_id,
    held.quarter_end,
    held.measure,
    interval_of.* exclude (held_id),
from held
inner join interval_of using (held_id);
comment on macro table site_share_by_quarter_as_of is 'What the claimed sites of programmes come to in each quarter, with intervals; one row per programme, quarter and measure';
