-- An assumption applies to a chip, a mix, a designer or *; where an amount of unstated basis lies, and how long a contract without a
-- term runs, also to a kind of organisation, and then in any year.
-- One row per assumption that applies to something unknown, and per year of a kind.
with scope as (
    select
        *,
        split_part(assumption_id, '.', 1) in (
            'unstated_capex_position', 'unstated_power_position', 'cloud_term_years', 'lease_term_years'
        )
        and applies_to in (select kind from organization_kind) as is_of_kind,
    from assumption
    where applies_to <> '*' and not _borrowed
)

select
    _file,
    _line,
    'applies_to' as _column,
    applies_to as _value,
    'expected a chip_id, a mix_id, the designer_id of a chip, or *' as _expected,
    (
        select list(known)
        from (
            select chip_id as known
            from chip
            union
            select mix_id
            from chip_mix
            union
            select designer_id
            from chip
        )
    ) as _known,
from scope
where
    not is_of_kind
    and not exists (
        select 1 from unread_table
        where name in ('chip', 'chip_mix')
    )
    and applies_to not in (
        select chip_id from chip
        where chip_id is not null
    )
    and applies_to not in (
        select mix_id from chip_mix
        where mix_id is not null
    )
    and applies_to not in (
        select designer_id from chip
        where designer_id is not null
    )
union all
select
    _file,
    _line,
    'year' as _column,
    year as _value,
    'expected * in a row that applies to a kind of organisation' as _expected,
    null as _known,
from scope
where is_of_kind and year <> '*';
