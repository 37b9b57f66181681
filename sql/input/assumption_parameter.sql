-- An assumption sets a known parameter, in its unit and within what is plausible at all. One row per mistake.
with named as (
    select
        *,
        split_part(assumption_id, '.', 1) as parameter,
    from assumption
    where assumption_id is not null
)

select
    _file,
    _line,
    'assumption_id' as _column,
    parameter as _value,
    'expected an id that begins with a parameter' as _expected,
    (select list(parameter) from parameter) as _known,
from named
where parameter not in (select parameter from parameter)
union all
select
    named._file,
    named._line,
    'unit' as _column,
    coalesce(named.unit, '') as _value,
    concat('expected ', parameter.unit) as _expected,
    null as _known,
from named
inner join parameter using (parameter)
where named.unit is distinct from parameter.unit
union all
select
    named._file,
    named._line,
    case when named.low < parameter.minimum then 'low' else 'high' end as _column,
    case when named.low < parameter.minimum then named.low else named.high end::varchar as _value,
    concat(
        'expected ', parameter.parameter, ' between ', parameter.minimum, ' and ', parameter.maximum, ' ', parameter.unit
    ) as _expected,
    null as _known,
from named
inner join parameter using (parameter)
where named.low < parameter.minimum or named.high > parameter.maximum;
