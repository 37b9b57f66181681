-- The point estimate with one small key a row: the number of its path, joined once, then sums by site and number. One row per site.
with bucket as (
    select
        posting.site,
        path.path,
        sum(posting.amount) as amount
    from posting
    inner join path on posting.measure = path.measure and posting.chip = path.chip and posting.year = path.year
    group by posting.site, path.path
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
inner join rate on bucket.path = rate.path
group by bucket.site
