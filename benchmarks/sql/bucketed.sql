-- The point estimate with one sum a row: amounts by site and path first, then the mean rates on what is left. One row per site.
with bucket as (
    select
        site,
        measure,
        chip,
        year,
        sum(amount) as amount
    from posting
    group by site, measure, chip, year
)

select
    bucket.site,
    sum(bucket.amount * rate.compute) as compute,
    sum(bucket.amount * rate.it_power) as it_power,
    sum(bucket.amount * rate.facility_power) as facility_power,
    sum(bucket.amount * rate.utility_power) as utility_power,
    sum(bucket.amount * rate.energy) as energy,
    sum(bucket.amount * rate.chip_capex) as chip_capex,
    sum(bucket.amount * rate.total_capex) as total_capex,
    sum(bucket.amount * rate.cloud_spend) as cloud_spend
from bucket
inner join rate on bucket.measure = rate.measure and bucket.chip = rate.chip and bucket.year = rate.year
group by bucket.site
