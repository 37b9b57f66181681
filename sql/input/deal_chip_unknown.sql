-- A deal or milestone names a chip or a mix. One row per unknown name.
select
    _file,
    _line,
    'chip_id' as _column,
    chip_id as _value,
    'expected a chip_id of chip or a mix_id of chip_mix' as _expected,
    (select list(
        known) from (
        select chip_id as known from chip
        union
        select mix_id from chip_mix
    )) as _known,
from (
    select
        _file,
        _line,
        chip_id,
    from deal
    union all
    select
        _file,
        _line,
        chip_id,
    from milestone
)
where
    chip_id is not null
    and not exists (
        select 1 from unread_table
        where name in ('chip', 'chip_mix')
    )
    and chip_id not in (
        select chip_id from chip
        where chip_id is not null
    )
    and chip_id not in (
        select mix_id from chip_mix
        where mix_id is not null
    );
