-- Low, best and high of an assumption must not be reversed. One row per reversed assumption.
select
    _file,
    _line,
    'low' as _column,
    concat_ws(', ', low, best, high) as _value,
    'expected low <= best <= high' as _expected,
from assumption
where low > best or best > high;
