-- Low, best and high of an amount or share must not be reversed. One row per reversed interval.
with interval_row as (
    select _file, _line, amount_low as low, amount_best as best, amount_high as high, 'amount_' as prefix
    from statement
    union all
    select _file, _line, amount_low, amount_best, amount_high, 'amount_'
    from milestone
    union all
    select _file, _line, share_low, share_best, share_high, 'share_'
    from claim
)

select
    _file,
    _line,
    concat(prefix, 'low') as _column,
    concat_ws(', ', low, best, high) as _value,
    'expected low <= best <= high' as _expected,
from interval_row
where low > best or best > high or low > high;
