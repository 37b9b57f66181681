-- The bundles that are kept, with every measure in which an amount may be stated, as columns in the units of their measures.
-- A contract of unknown term is its yearly spend over the assumed term. One row per chip or mix, delivery year and draw.
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
    bundle_draw.*,
    lease_spend * lease_term_years as lease_contract,
    cloud_spend * cloud_term_years as cloud_contract,
    chip_hours_per_year * cloud_term_years as chip_hours
from bundle_draw
inner join term using (draw)
order by chip_id, year, draw
