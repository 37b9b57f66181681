-- Adds the bundles of the pairs in the variable rated_pairs that are not kept yet.
insert into bundle_draw
select *
from bundle_draw_formula
where
    list_contains(getvariable('rated_pairs'), concat(chip_id, '@', year))
    and not list_contains(
        coalesce((
            select list(distinct concat(chip_id, '@', year)) from bundle_draw
            where draw = 1
        ), []),
        concat(chip_id, '@', year)
    )
order by chip_id, year, draw;
