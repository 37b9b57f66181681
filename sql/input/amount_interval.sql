-- Low, best and high of an amount or share must not be reversed. One row per reversed interval.
with interval_row as (
    select
        _file,
        _line,
        amount_low as low,
        amount_best as best,
        amount_high as high,
        'amount_' as prefix,
    from statement
    union all
    select
        _file,
        _line,
        amount_low as low,
        amount_best as best,
        amount_high as high,
        'amount_' as prefix,
    from milestone
    union all
    select
        _file,
        _line,
        share_low as low,
        share_best as best,
        share_high as high,
        'share_' as prefix,
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
