-- An assumption applies to a chip, a mix, a designer or *. One row per assumption that applies to something unknown.
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
from assumption
where
    applies_to <> '*'
    and not _borrowed
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
    );
