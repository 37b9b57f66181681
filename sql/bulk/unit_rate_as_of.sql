-- What one unit of a line's measure is worth in a measure, draw by draw [target per stated unit]: bundle[target] / bundle[stated],
-- with the year of an undated deal and the term of an undated contract drawn (as in line_bundle_as_of).
-- One row per path, target measure and draw, for every pair of them that unit_line_as_of asks for.
create or replace macro unit_rate_as_of(as_of, measures) as table
with line as materialized (
    select *
    from unit_line_as_of(as_of, measures)
),

path as (
    select distinct
        path_id,
        measure as stated_measure,
        chip_id,
        year as stated_year,
        lag_from_year,
        assumed_term,
        own_ratio,
        position_key,
    from line
),

wanted as materialized (
    select
        *,
        (row_number() over (order by path_id, target_measure))::integer as rate_id,
    from (
        select
            line.path_id,
            target.measure as target_measure,
        from line
        cross join target_measure(measures) as target
        where line.target_measure is null
        union
        select
            path_id,
            target_measure,
        from line
        where target_measure is not null
    )
),

aligned as (
    select
        path.*,
        unnest(range(1, run.draw_count + 1))::integer as draw,
        unnest(case when path.stated_year is null then lag.draws end) as lag_years,
        unnest(case when path.assumed_term is not null then term.draws end) as assumed_years,
        unnest(builder.draws) as basis_position,
    from path
    cross join run
    left join assumption_draw as lag on lag.assumption_key = 'delivery_lag_years@*@*'
    left join assumption_draw as term on concat(path.assumed_term, '@*@*') = term.assumption_key
    left join assumption_draw as builder on path.position_key = builder.assumption_key
),

placed as (
    select
        *,
        coalesce(stated_year, rated_year(lag_from_year + round(lag_years))) as year,
        coalesce(assumed_years, 1) as contract_years,
    from aligned
),

rated as (
    select
        placed.path_id,
        placed.stated_measure,
        placed.draw,
        placed.contract_years,
        own_power_ratio(placed.own_ratio, bundle.it_power, bundle.facility_power) as own_power,
        bundle.* exclude (chip_id, year, draw)
        replace (
            bundle.facility_power * own_power as facility_power,
            bundle.utility_power * own_power as utility_power,
            bundle.energy * own_power as energy,
            coalesce(
                between_bases(bundle.it_power, bundle.utility_power, placed.basis_position), bundle.unstated_power
            ) as unstated_power,
            coalesce(
                between_bases(bundle.site_capex, bundle.total_capex, placed.basis_position), bundle.unstated_capex
            ) as unstated_capex
        ),
    from placed
    left join bundle_draw as bundle using (chip_id, year, draw)
)

select
    wanted.rate_id,
    wanted.path_id,
    wanted.target_measure,
    rated.draw,
    case
        when wanted.target_measure = rated.stated_measure then 1
        else bundle_entry(wanted.target_measure, rated.contract_years, rated)
        / bundle_entry(rated.stated_measure, rated.contract_years, rated)
    end as rate,
from rated
inner join wanted using (path_id);
comment on macro table unit_rate_as_of is 'What one unit of a line is worth in a measure, draw by draw; one row per path, target measure and draw';
