-- A site in the United States and a programme name states by postal code. One row per unknown state.
select
    _file,
    _line,
    _column,
    state as _value,
    concat(
        'expected the postal code of a US state',
        (
            select concat('; did you mean ''', arg_max(likely.state, likely.likeness), '''?')
            from (
                select
                    state.state,
                    jaro_winkler_similarity(lower(state.name), lower(named.state)) as likeness,
                from state
            ) as likely
            having max(likely.likeness) > 0.85
        )
    ) as _expected,
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
) as named
where state not in (select state from state);
