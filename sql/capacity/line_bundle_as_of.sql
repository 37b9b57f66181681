-- Lines with their amounts and the bundles that rate them, draw by draw.
-- The year of an undated deal and the term of an undated contract are draws of their own; a site that states IT and
-- facility power keeps its own ratio. chip_count: the amount in chips.
-- An amount of unstated basis lies where those of its builder do.
-- owners, lines: deals or sites, and statements or milestones asked for, null for all.
-- One row per line and draw. The columns of the bundle are named for their measures and in their units, per chip.
create or replace macro line_bundle_as_of(as_of, of_kind, reckoned_only, owners := null, lines := null) as table
with line as (
    select *
    from line_as_of(as_of)
    where
        kind = of_kind
        and (is_reckoned or not reckoned_only)
        and (owners is null or list_contains(owners, owner_id))
        and (lines is null or list_contains(lines, line_id))
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
        unnest(case when line.year is null then lag.draws end) as lag_years,
        unnest(case when line.term_years is null then term.draws end) as assumed_term_years,
        unnest(builder.draws) as basis_position,
    from line
    cross join run
    left join deviate using (stream_id)
    left join assumption_draw as lag on lag.assumption_key = 'delivery_lag_years@*@*'
    left join assumption_draw as term on line.term_key = term.assumption_key
    left join assumption_draw as builder on line.position_key = builder.assumption_key
),

amount as (
    select
        aligned.* exclude (year),
        face_amount * case
            when low < high
                then own_factor(low, best, high, distribution, smallest_factor, largest_factor, z, u)
            else 1
        end as amount,
        coalesce(term_years, assumed_term_years) as contract_years,
        coalesce(year, rated_year(announced_year + round(lag_years))) as year,
    from aligned
),

bundle as (
    select
        amount.* exclude (chip_id, year, draw),
        own_power_ratio(amount.peak_pue_ratio, bundle_draw.it_power, bundle_draw.facility_power) as own_power,
        bundle_draw.*
        replace (
            amount.chip_id as chip_id,
            amount.year as year,
            amount.draw as draw,
            bundle_draw.facility_power * own_power as facility_power,
            bundle_draw.utility_power * own_power as utility_power,
            bundle_draw.energy * own_power as energy,
            coalesce(
                between_bases(bundle_draw.it_power, bundle_draw.utility_power, amount.basis_position), bundle_draw.unstated_power
            ) as unstated_power,
            coalesce(
                between_bases(bundle_draw.site_capex, bundle_draw.total_capex, amount.basis_position), bundle_draw.unstated_capex
            ) as unstated_capex
        ),
    from amount
    left join bundle_draw using (chip_id, year, draw)
)

select
    *,
    amount / bundle_entry(measure, contract_years, bundle) as chip_count,
from bundle;
comment on macro table line_bundle_as_of is 'Lines with their amounts and the bundles that rate them, draw by draw; one row per line and draw';
