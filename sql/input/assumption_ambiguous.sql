-- Of two rows that set one parameter for the same chip and year none is more specific. One row per such row after the first.
select
    _file,
    _line,
    'assumption_id' as _column,
    assumption_id as _value,
    concat(
        'expected one row for ', split_part(assumption_id, '.', 1), ' with applies_to ', applies_to, ' and year ', year
    ) as _expected,
from assumption
qualify
    row_number() over (
        partition by split_part(assumption_id, '.', 1), applies_to, year
        order by assumption_id
    ) > 1
    and row_number() over (partition by assumption_id, applies_to, year) = 1;
