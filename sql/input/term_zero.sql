-- A contract runs for some time. One row per deal with a term of 0 years.
select
    _file,
    _line,
    'term_years' as _column,
    term_years::varchar as _value,
    'expected more than 0, or an empty field where it is unknown' as _expected,
from deal
where term_years = 0;
