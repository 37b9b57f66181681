-- The buckets of a source whose amounts have a low and a high (5th and 95th percentile; the amount is the median).
-- Each row contributes the mean and the variance of its two-piece log-normal, as sql/draws/spread_value.sql has it; where low is
-- not above 0, those of its two-piece normal. Rows are independent, so both add. The upper tail of the standard normal
-- distribution, over its density, is rational approximation 26.2.17 of Abramowitz and Stegun (7.5e-8).
-- Numbers end in e0: without it they are decimals on Spark, not doubles.
-- One row per combination of the columns, which stand in the place of the three as in sql/core/bucket.sql.
with spread as (
    select
        *,
        case when low < high and low > 0 and high > 0 and amount > 0 then ln(amount / low) / 1.6448536269514722e0 else 0.0e0 end as below,
        case when low < high and low > 0 and high > 0 and amount > 0 then ln(high / amount) / 1.6448536269514722e0 else 0.0e0 end as above,
        case when low < high and (low <= 0 or amount <= 0) then (amount - low) / 1.6448536269514722e0 else 0.0e0 end as fall,
        case when low < high and (low <= 0 or amount <= 0) then (high - amount) / 1.6448536269514722e0 else 0.0e0 end as rise
    from posting_line
),

place as (
    select
        *,
        0.3989422804014327e0 as d,
        1.0e0 / (1.0e0 + 0.2316419e0 * below) as t1,
        1.0e0 / (1.0e0 + 0.2316419e0 * above) as t2,
        1.0e0 / (1.0e0 + 0.2316419e0 * 2.0e0 * below) as t3,
        1.0e0 / (1.0e0 + 0.2316419e0 * 2.0e0 * above) as t4
    from spread
),

tail as (
    select
        *,
        t1 * (0.31938153e0 + t1 * (-0.356563782e0 + t1 * (1.781477937e0 + t1 * (-1.821255978e0 + t1 * 1.330274429e0)))) * d as r1,
        t2 * (0.31938153e0 + t2 * (-0.356563782e0 + t2 * (1.781477937e0 + t2 * (-1.821255978e0 + t2 * 1.330274429e0)))) * d as r2,
        t3 * (0.31938153e0 + t3 * (-0.356563782e0 + t3 * (1.781477937e0 + t3 * (-1.821255978e0 + t3 * 1.330274429e0)))) * d as r3,
        t4 * (0.31938153e0 + t4 * (-0.356563782e0 + t4 * (1.781477937e0 + t4 * (-1.821255978e0 + t4 * 1.330274429e0)))) * d as r4
    from place
),

moment as (
    select
        *,
        case
            when below > 0 or above > 0 then amount * (r1 + exp(above * above / 2.0e0) - r2)
            else amount + (rise - fall) * 0.3989422804014327e0
        end as row_mean,
        case
            when below > 0 or above > 0
                then
                    amount * amount * (r3 + exp(2.0e0 * above * above) - r4)
                    - amount * amount * (r1 + exp(above * above / 2.0e0) - r2) * (r1 + exp(above * above / 2.0e0) - r2)
            else (rise * rise + fall * fall) / 2.0e0 - (rise - fall) * (rise - fall) * 0.15915494309189535e0
        end as row_variance
    from tail
)

select
    measure,
    chip,
    year,
    count(*) as row_count,
    count(amount) as amount_count,
    sum(row_mean) as amount,
    sum(row_variance) as variance,
    sum(case when low > amount or amount > high or low > high then 1 else 0 end) as reversed_count
from moment
group by
    measure,
    chip,
    year
