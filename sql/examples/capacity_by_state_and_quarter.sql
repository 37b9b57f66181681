-- How much IT power was in operation in each US state at the end of each quarter since 2025? [MW, mean]
-- Means of sites add; percentiles do not (see interval_of_a_custom_total.sql).
select
    state,
    quarter_end,
    sum(operational_mean) as operational_it_power_mw_mean,
    count(*) filter (operational_mean > 0) as site_count,
from site_by_quarter
where measure = 'it_power' and country = 'US' and is_actual and quarter_end >= '2025-01-01'
group by state, quarter_end
having operational_it_power_mw_mean > 0
order by quarter_end, operational_it_power_mw_mean desc;
