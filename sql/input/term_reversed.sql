-- A deal ends after it starts. One row per deal that does not.
select
    _file,
    _line,
    'ends_on' as _column,
    ends_on::varchar as _value,
    concat('expected a date after starts_on ', starts_on) as _expected,
from deal
where ends_on <= starts_on;
