-- Mixes whose shares of chips sum to more than 1 in a year. One row per mix and year.
create or replace view audit_share_sum_above_one as
select
    mix_id as subject_id,
    printf(
        'the shares of %s in %d sum to %.6g: %s', mix_id, year, sum(share), string_agg(concat(chip_id, ' ', share), ', ' order by chip_id)
    ) as detail,
from chip_mix
group by mix_id, year
having sum(share) > 1 + 1e-6;
comment on view audit_share_sum_above_one is 'Mixes whose shares of chips sum to more than 1 in a year; one row per mix and year';
