-- A site in the United States and a programme name states by postal code. One row per unknown state.
select
    _file,
    _line,
    _column,
    state as _value,
    'expected the postal code of a US state' as _expected,
    (select list(state) || list(name) from state) as _known,
from (
    select
        _file,
        _line,
        'state' as _column,
        state,
    from site
    where state is not null and coalesce(country, 'US') = 'US'
    union all
    select
        _file,
        _line,
        'states' as _column,
        trim(unnest(string_split(states, ';'))) as state,
    from programme
    where states is not null
)
where state not in (select state from state);
