-- A statement or milestone states an amount; a range states both ends. One row per row without.
select
    _file,
    _line,
    'amount_best' as _column,
    '' as _value,
    'expected an amount in amount_low, amount_best or amount_high' as _expected,
from statement
where coalesce(amount_low, amount_best, amount_high) is null
union all
select
    _file,
    _line,
    'amount_low' as _column,
    '' as _value,
    'expected amount_low and amount_high, because the qualifier is range' as _expected,
from statement
where
    qualifier = 'range'
    and (amount_low is null or amount_high is null)
    and coalesce(amount_low, amount_best, amount_high) is not null
union all
select
    _file,
    _line,
    'amount_best' as _column,
    '' as _value,
    'expected an amount in amount_low, amount_best or amount_high' as _expected,
from milestone
where coalesce(amount_low, amount_best, amount_high) is null and stage <> 'cancelled';
