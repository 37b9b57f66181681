-- Lines converted into every measure, draw by draw: amount x bundle[target] / bundle[stated].
-- The year of an undated deal and the term of an undated contract are draws of their own; a site that states IT and
-- facility power keeps its own ratio; a line already in the target measure is not converted at all.
-- One row per line and draw. Columns are named for their measures and in their units.
create or replace macro line_draw_as_of(as_of, of_kind, reckoned_only) as table
with line as (
    select *
    from line_as_of(as_of)
    where kind = of_kind and (is_reckoned or not reckoned_only)
),

deviate as (
    select
        stream.stream_id,
        list(stratum.z order by stream_order(run.seed, stream.stream_id, stratum.draw)) as z,
        list(stratum.u order by stream_order(run.seed, stream.stream_id, stratum.draw)) as u,
    from (select distinct stream_id from line where low < high) as stream
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
        unnest(if(line.year is null, lag.draws, null)) as lag_years,
        unnest(if(line.term_years is null, term.draws, null)) as assumed_term_years,
    from line
    cross join run
    left join deviate using (stream_id)
    left join assumption_draw as lag on lag.assumption_key = 'delivery_lag_years@*@*'
    left join assumption_draw as term on concat(line.term_parameter, '@*@*') = term.assumption_key
),

amount as (
    select
        aligned.* exclude (year),
        face_amount * if(
            low < high,
            greatest(smallest_factor, least(largest_factor, spread_value(low, best, high, distribution, z, u))),
            1
        ) as amount,
        coalesce(term_years, assumed_term_years) as contract_years,
        coalesce(year, rated_year(announced_year + round(lag_years))) as year,
    from aligned
),

bundle as (
    select
        amount.* exclude (chip_id, year),
        amount.chip_id,
        amount.year,
        bundle_draw.chips,
        bundle_draw.compute,
        bundle_draw.compute_bf16,
        bundle_draw.chip_power,
        bundle_draw.it_power,
        coalesce(amount.peak_pue_ratio * bundle_draw.it_power, bundle_draw.facility_power) as facility_power,
        bundle_draw.utility_power * facility_power / bundle_draw.facility_power as utility_power,
        bundle_draw.unstated_power,
        bundle_draw.energy * facility_power / bundle_draw.facility_power as energy,
        bundle_draw.chip_capex,
        bundle_draw.it_capex,
        bundle_draw.site_capex,
        bundle_draw.total_capex,
        bundle_draw.unstated_capex,
        bundle_draw.lease_spend,
        bundle_draw.cloud_spend,
        bundle_draw.chip_hours_per_year,
    from amount
    left join bundle_draw using (chip_id, year, draw)
),

counted as (
    select
        *,
        amount / case measure
            when 'chips' then chips
            when 'compute' then compute
            when 'compute_bf16' then compute_bf16
            when 'chip_power' then chip_power
            when 'it_power' then it_power
            when 'facility_power' then facility_power
            when 'utility_power' then utility_power
            when 'unstated_power' then unstated_power
            when 'energy' then energy
            when 'chip_capex' then chip_capex
            when 'it_capex' then it_capex
            when 'site_capex' then site_capex
            when 'total_capex' then total_capex
            when 'unstated_capex' then unstated_capex
            when 'lease_spend' then lease_spend
            when 'cloud_spend' then cloud_spend
            when 'lease_contract' then lease_spend * contract_years
            when 'cloud_contract' then cloud_spend * contract_years
            when 'chip_hours' then chip_hours_per_year * contract_years
        end as chip_count,
    from bundle
)

select
    kind,
    line_id,
    owner_id,
    stage,
    on_date,
    measure,
    physical_rank,
    chip_id,
    year,
    contract_years,
    draw,
    amount,
    if(measure = 'chips', amount, chip_count * chips) as chips,
    if(measure = 'compute', amount, chip_count * compute) as compute,
    if(measure = 'compute_bf16', amount, chip_count * compute_bf16) as compute_bf16,
    if(measure = 'chip_power', amount, chip_count * chip_power) as chip_power,
    if(measure = 'it_power', amount, chip_count * it_power) as it_power,
    if(measure = 'facility_power', amount, chip_count * facility_power) as facility_power,
    if(measure = 'utility_power', amount, chip_count * utility_power) as utility_power,
    if(measure = 'energy', amount, chip_count * energy) as energy,
    if(measure = 'chip_capex', amount, chip_count * chip_capex) as chip_capex,
    if(measure = 'it_capex', amount, chip_count * it_capex) as it_capex,
    if(measure = 'site_capex', amount, chip_count * site_capex) as site_capex,
    if(measure = 'total_capex', amount, chip_count * total_capex) as total_capex,
    if(measure = 'lease_spend', amount, chip_count * lease_spend) as lease_spend,
    if(measure = 'cloud_spend', amount, chip_count * cloud_spend) as cloud_spend,
from counted;
comment on macro table line_draw_as_of is 'Lines converted into every measure, draw by draw; one row per line and draw';
