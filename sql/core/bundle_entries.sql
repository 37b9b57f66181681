-- The bundles of the pairs in the variable rated_pairs (`chip@year`), with every measure in which an amount may be stated as a
-- column in the unit of the measure. A contract of unknown term is its yearly spend over the assumed term.
-- One row per chip or mix, delivery year and draw, in this order; the columns are measures.
with term as (
    select
        unnest(range(1, run.draw_count + 1))::integer as draw,
        unnest(cloud.draws) as cloud_term_years,
        unnest(lease.draws) as lease_term_years
    from run
    left join assumption_draw as cloud on cloud.assumption_key = 'cloud_term_years@*@*'
    left join assumption_draw as lease on lease.assumption_key = 'lease_term_years@*@*'
)

select
    bundle.* exclude (chip_id, year, draw),
    bundle.lease_spend * term.lease_term_years as lease_contract,
    bundle.cloud_spend * term.cloud_term_years as cloud_contract,
    bundle.chip_hours_per_year * term.cloud_term_years as chip_hours
from bundle_draw_formula as bundle
inner join term using (draw)
where list_contains(getvariable('rated_pairs'), concat(bundle.chip_id, '@', bundle.year))
order by bundle.chip_id, bundle.year, bundle.draw
