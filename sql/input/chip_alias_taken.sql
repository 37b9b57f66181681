-- A name or alias belongs to one chip; case, spaces, hyphens, underscores and dots do not count. One row per name taken twice.
with alias as (
    select
        _file,
        _line,
        chip_id,
        trim(unnest(string_split(concat_ws(';', chip_id, name, aliases), ';'))) as alias,
    from chip
),

folded as (
    select distinct
        _file,
        _line,
        chip_id,
        alias,
        regexp_replace(lower(alias), '[ ._-]', '', 'g') as name,
    from alias
    where alias <> ''
)

select
    folded._file,
    folded._line,
    'aliases' as _column,
    min(folded.alias) as _value,
    concat('expected a name that no other chip has; ', string_agg(distinct other.chip_id, ', '), ' has it') as _expected,
from folded
inner join folded as other on folded.name = other.name and folded.chip_id > other.chip_id
group by folded._file, folded._line, folded.name;
