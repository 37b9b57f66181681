-- The point estimate as most write it: every row meets its mean rates, then eight sums. One row per site.
select
    posting.site,
    sum(posting.amount * rate.compute) as compute,
    sum(posting.amount * rate.it_power) as it_power,
    sum(posting.amount * rate.facility_power) as facility_power,
    sum(posting.amount * rate.utility_power) as utility_power,
    sum(posting.amount * rate.energy) as energy,
    sum(posting.amount * rate.chip_capex) as chip_capex,
    sum(posting.amount * rate.total_capex) as total_capex,
    sum(posting.amount * rate.cloud_spend) as cloud_spend
from posting
inner join rate on posting.measure = rate.measure and posting.chip = rate.chip and posting.year = rate.year
group by posting.site
