-- Sites by stage at a date, draw by draw: what is operational, what is under construction beyond it, what is planned beyond both.
-- For each measure the newest state counts, stated in that measure before converted, most physical first; milestones are
-- cumulative, so each stage counts only what exceeds the stages before it. One row per site, measure and draw.
create or replace macro site_draw_as_of(as_of) as table
with stated as (
    select
        owner_id as site_id,
        stage,
        measure as stated_measure,
        physical_rank,
        max(on_date) as on_date,
        draw,
        whole_sum(chips) as chips,
        whole_sum(compute) as compute,
        whole_sum(compute_bf16) as compute_bf16,
        whole_sum(chip_power) as chip_power,
        whole_sum(it_power) as it_power,
        whole_sum(facility_power) as facility_power,
        whole_sum(utility_power) as utility_power,
        whole_sum(energy) as energy,
        whole_sum(chip_capex) as chip_capex,
        whole_sum(it_capex) as it_capex,
        whole_sum(site_capex) as site_capex,
        whole_sum(total_capex) as total_capex,
        whole_sum(lease_spend) as lease_spend,
        whole_sum(cloud_spend) as cloud_spend,
    from line_draw_as_of(as_of, 'site', true)
    group by owner_id, stage, measure, physical_rank, draw
),

entry as (
    select *
    from stated
    unpivot include nulls (
        amount for measure in (columns(* exclude (site_id, stage, stated_measure, physical_rank, on_date, draw)))
    )
),

chosen as (
    select
        site_id,
        measure,
        draw,
        stage,
        max_by(
            amount,
            date_diff('day', '1970-01-01'::date, on_date) * 1000 + if(stated_measure = measure, 500, 0) - physical_rank
        ) as amount,
    from entry
    group by site_id, measure, draw, stage
),

cumulative as (
    select
        site_id,
        measure,
        draw,
        count(*) = count(amount) as is_known,
        coalesce(max(amount) filter (stage = 'operational'), 0) as operational,
        greatest(coalesce(max(amount) filter (stage = 'under_construction'), 0), operational) as started,
        greatest(coalesce(max(amount) filter (stage = 'planned'), 0), started) as planned_in_all,
    from chosen
    group by site_id, measure, draw
)

select
    site_id,
    measure,
    draw,
    if(is_known, operational, null) as operational,
    if(is_known, started - operational, null) as under_construction,
    if(is_known, planned_in_all - started, null) as planned,
from cumulative;
comment on macro table site_draw_as_of is 'Operational, under construction and planned capacity of sites at a date, draw by draw; one row per site, measure and draw';
