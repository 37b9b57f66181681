-- How much IT power is in operation or under construction in Texas and New York together, with its interval? [MW]
-- Summed within each draw, percentiles last: so sites that share an assumption move together, as they do in truth.
with total as (
    select
        site_draw.draw,
        sum(site_draw.operational + site_draw.under_construction) as built_mw,
    from site_draw
    inner join site using (site_id)
    where site_draw.measure = 'it_power' and site.state in ('TX', 'NY')
    group by site_draw.draw
)

select
    avg(built_mw) as built_mw_mean,
    quantile_cont(built_mw, 0.05) as built_mw_p05,
    quantile_cont(built_mw, 0.50) as built_mw_p50,
    quantile_cont(built_mw, 0.95) as built_mw_p95,
from total;
