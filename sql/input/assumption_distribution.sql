-- The three percentiles suit the distribution. One row per assumption whose percentiles do not.
select
    _file,
    _line,
    'distribution' as _column,
    coalesce(distribution, 'lognormal') as _value,
    case coalesce(distribution, 'lognormal')
        when 'lognormal' then 'expected low above 0'
        when 'logit' then 'expected low above 0 and high below 1'
        else 'expected low = best = high'
    end as _expected,
from assumption
where
    (coalesce(distribution, 'lognormal') = 'lognormal' and low <= 0 and low < high)
    or (distribution = 'logit' and (low <= 0 or high >= 1))
    or (distribution = 'fixed' and low < high);
