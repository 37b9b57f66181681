-- The row of assumption that sets a parameter for a member of a chip or mix in a delivery year.
-- The most specific row wins: chip before mix before designer before *, then the exact year before * before the nearest year.
-- One row per chip or mix, delivery year, member and parameter.
create or replace view parameter_choice as
with target as (
    select
        rated_member.chip_id,
        rated_member.year,
        rated_member.member_id,
        unnest([rated_member.member_id, rated_member.chip_id, chip.designer_id, '*']) as applies_to,
        unnest([0, 1, 2, 3]) as distance,
    from rated_member
    inner join chip on rated_member.member_id = chip.chip_id
)

select
    target.chip_id,
    target.year,
    target.member_id,
    assumption_row.parameter,
    min_by(
        assumption_row.assumption_key,
        1e6 * target.distance
        + case assumption_row.year
            when target.year::varchar then 0
            when '*' then 1
            else 10 * (1 + abs(try_cast(assumption_row.year as integer) - target.year))
        end
    ) as assumption_key,
from target
inner join assumption_row on target.applies_to = assumption_row.applies_to
group by target.chip_id, target.year, target.member_id, assumption_row.parameter;
comment on view parameter_choice is 'Row of assumption that sets a parameter for a member of a chip or mix in a delivery year';
