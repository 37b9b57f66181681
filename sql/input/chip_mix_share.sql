-- The shares of a mix sum to 1 in every year, and a mix is no chip. One row per mix and year that do not.
select
    min(_file) as _file,
    min(_line) as _line,
    'share' as _column,
    round(sum(share), 9)::varchar as _value,
    concat('expected the shares of ', mix_id, ' in ', year, ' to sum to 1') as _expected,
from chip_mix
where 'chip_mix' not in (select name from unread_table)
group by mix_id, year
having
    abs(sum(share) - 1) > 1e-6
    and count(share) = count(distinct chip_id)
    and min(share) >= 0
    and max(share) <= 1
union all
select
    _file,
    _line,
    'mix_id' as _column,
    mix_id as _value,
    'expected a name that is no chip_id' as _expected,
from chip_mix
where mix_id in (select chip_id from chip);
