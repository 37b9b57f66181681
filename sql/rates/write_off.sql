-- What an amount is written off by in a year [USD/year], with its interval: all IT over chip_useful_life_years, the site over
-- site_useful_life_years, straight line, for the chips that the amount comes to.
-- from write_off(1, 'it_power', 'gb300', 2026). One row; no row when there is no such rate.
create or replace macro write_off(amount, from_measure, chip, delivery_year) as table
with life as (
    select
        unnest(it.draws) as it_years,
        unnest(site.draws) as site_years,
        unnest(range(1, len(it.draws) + 1))::integer as draw,
    from assumption_draw as it
    inner join assumption_draw as site
        on it.assumption_key = 'chip_useful_life_years@*@*' and site.assumption_key = 'site_useful_life_years@*@*'
),

yearly as (
    select it.converted_amount / life.it_years + site.converted_amount / life.site_years as usd_per_year
    from convert_draw(amount, from_measure, 'it_capex', chip, delivery_year) as it
    inner join convert_draw(amount, from_measure, 'site_capex', chip, delivery_year) as site using (draw)
    inner join life using (draw)
)

select
    avg(usd_per_year) as amount_mean,
    quantile_cont(usd_per_year, 0.05) as amount_p05,
    quantile_cont(usd_per_year, 0.50) as amount_p50,
    quantile_cont(usd_per_year, 0.95) as amount_p95,
    'USD/year' as unit,
from yearly
having count(*) > 0;
comment on macro table write_off is 'What an amount is written off by in a year: IT and site over their useful lives, straight line, with its interval [USD/year]';
