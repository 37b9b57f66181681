-- A statement or milestone names a measure of the vocabulary. One row per unknown measure.
select
    _file,
    _line,
    'measure' as _column,
    measure as _value,
    'expected a measure' as _expected,
    (select list(measure) from measure) as _known,
from (
    select
        _file,
        _line,
        measure,
    from statement
    union all
    select
        _file,
        _line,
        measure,
    from milestone
)
where measure not in (select measure from measure);
