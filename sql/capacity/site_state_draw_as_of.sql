-- The states through which sites pass by quarter, draw by draw: each milestone is converted once for each measure that asks
-- for it, by amount x bundle[target] / bundle[stated], and each state is summed once. Of a plan only the share counts that exceeds
-- what is operational, taken in the measure in which the plan is stated (as in site_draw_as_of).
-- sites: those asked for, null for all. One row per state and draw.
create or replace macro site_state_draw_as_of(as_of, sites := null) as table
with part_line as materialized (
    select *
    from site_state_part_as_of(as_of, sites := sites)
),

wanted as (
    select distinct
        line_id,
        target_measure,
    from part_line
),

line as materialized (
    select *
    from milestone_line_as_of(as_of)
    where line_id in (select line_id from wanted)
),

stream as (
    select distinct stream_id
    from line
    where low < high
),

deviate as (
    select
        stream.stream_id,
        list(stratum.z order by stream_order(run.seed, stream.stream_id, stratum.pair, stratum.is_upper)) as z,
        list(stratum.u order by stream_order(run.seed, stream.stream_id, stratum.pair, stratum.is_upper)) as u,
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

rated as (
    select
        line_id,
        measure,
        draw,
        face_amount
        * case when low < high then own_factor(low, 1.0, high, distribution, 0.0, 'infinity'::double, z, u) else 1 end as amount,
        own_power_ratio(peak_pue_ratio, bundle_draw.it_power, bundle_draw.facility_power) as own_ratio,
        bundle_draw.* exclude (chip_id, year, draw)
        replace (
            bundle_draw.facility_power * own_ratio as facility_power,
            bundle_draw.utility_power * own_ratio as utility_power,
            bundle_draw.energy * own_ratio as energy
        ),
    from aligned
    left join bundle_draw using (chip_id, year, draw)
),

converted as (
    select
        wanted.line_id,
        wanted.target_measure,
        rated.draw,
        case
            when rated.measure = wanted.target_measure then rated.amount
            else rated.amount / bundle_entry(rated.measure, null, rated) * bundle_entry(wanted.target_measure, null, rated)
        end as amount,
    from wanted
    inner join rated using (line_id)
),

summed as (
    select
        part_line.site_id,
        part_line.state_id,
        converted.draw,
        count(*) = count(converted.amount) as is_known,
        coalesce(sum(converted.amount) filter (part_line.part = 'operational'), 0) as operational,
        coalesce(sum(converted.amount) filter (part_line.part = 'planned'), 0) as planned,
        sum(converted.amount) filter (part_line.part = 'planned_as_stated') as planned_as_stated,
        coalesce(sum(converted.amount) filter (part_line.part = 'reached'), 0) as reached,
    from part_line
    inner join converted using (line_id, target_measure)
    group by part_line.site_id, part_line.state_id, converted.draw
)

select
    site_id,
    state_id,
    draw,
    case when is_known then operational end as operational,
    case
        when is_known
            then operational + planned * coalesce(share_beyond(planned_as_stated, reached), 0)
    end as operational_or_planned,
from summed;
comment on macro table site_state_draw_as_of is 'States through which sites pass by quarter, draw by draw; one row per state and draw';
