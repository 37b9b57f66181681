-- The states through which claimed sites pass by quarter, draw by draw: each milestone is converted once, by amount x bundle[target]
-- / bundle[stated], and each state summed once. operational_or_planned: the larger of the two, since milestones are cumulative.
-- One row per state and draw.
create or replace macro site_state_draw_as_of(as_of) as table
with state as materialized (
    select distinct
        site_id,
        measure,
        operational_ids,
        planned_ids,
        state_id,
    from site_quarter_as_of(as_of)
),

state_line as (
    select
        site_id,
        state_id,
        measure,
        'operational' as stage,
        unnest(operational_ids) as line_id,
    from state
    union all
    select
        site_id,
        state_id,
        measure,
        'planned' as stage,
        unnest(planned_ids) as line_id,
    from state
),

line as materialized (
    select *
    from milestone_line_as_of(as_of)
    where line_id in (select line_id from state_line)
),

stream as (
    select distinct stream_id
    from line
    where low < high
),

deviate as (
    select
        stream.stream_id,
        list(stratum.z order by stream_order(run.seed, stream.stream_id, stratum.draw)) as z,
        list(stratum.u order by stream_order(run.seed, stream.stream_id, stratum.draw)) as u,
    from stream
    cross join stratum
    cross join run
    group by stream.stream_id
),

aligned as (
    select
        line.*,
        unnest(range(1, run.draw_count + 1))::integer as draw,
        unnest(deviate.z) as z,
        unnest(deviate.u) as u,
    from line
    cross join run
    left join deviate using (stream_id)
),

converted as (
    select
        aligned.line_id,
        aligned.draw,
        aligned.measure,
        aligned.face_amount * case when low < high then spread_value(low, 1.0, high, distribution, z, u) else 1 end as amount,
        amount / case aligned.measure
            when 'chips' then bundle.chips
            when 'compute' then bundle.compute
            when 'compute_bf16' then bundle.compute_bf16
            when 'chip_power' then bundle.chip_power
            when 'it_power' then bundle.it_power
            when 'facility_power' then coalesce(peak_pue_ratio * bundle.it_power, bundle.facility_power)
            when 'utility_power' then bundle.utility_power * coalesce(peak_pue_ratio * bundle.it_power / bundle.facility_power, 1)
            when 'energy' then bundle.energy * coalesce(peak_pue_ratio * bundle.it_power / bundle.facility_power, 1)
            when 'unstated_power' then bundle.unstated_power
            when 'chip_capex' then bundle.chip_capex
            when 'it_capex' then bundle.it_capex
            when 'site_capex' then bundle.site_capex
            when 'total_capex' then bundle.total_capex
            when 'unstated_capex' then bundle.unstated_capex
            when 'lease_spend' then bundle.lease_spend
            when 'cloud_spend' then bundle.cloud_spend
        end as chip_count,
        chip_count * bundle.it_power as it_power,
        chip_count * bundle.chips as chips,
        chip_count * bundle.compute as compute,
        chip_count * bundle.total_capex as total_capex,
    from aligned
    left join bundle_draw as bundle using (chip_id, year, draw)
),

placed as (
    select
        state_line.site_id,
        state_line.state_id,
        state_line.stage,
        converted.draw,
        case
            when converted.measure = state_line.measure then converted.amount
            when state_line.measure = 'it_power' then converted.it_power
            when state_line.measure = 'chips' then converted.chips
            when state_line.measure = 'compute' then converted.compute
            when state_line.measure = 'total_capex' then converted.total_capex
        end as amount,
    from state_line
    inner join converted using (line_id)
)

select
    site_id,
    state_id,
    draw,
    case when count(*) = count(amount) then coalesce(sum(amount) filter (stage = 'operational'), 0) end as operational,
    case when count(*) = count(amount) then greatest(operational, coalesce(sum(amount) filter (stage = 'planned'), 0)) end as operational_or_planned,
from placed
group by site_id, state_id, draw;
comment on macro table site_state_draw_as_of is 'States through which claimed sites pass by quarter, draw by draw; one row per state and draw';
