-- The bundles by which lines are rated, kept: those of the pairs in the variable rated_pairs (`chip@year`), none when it is not set.
create or replace table bundle_draw as
select *
from bundle_draw_formula
where list_contains(getvariable('rated_pairs'), concat(chip_id, '@', year))
order by chip_id, year, draw;
comment on table bundle_draw is 'What one chip is worth in every measure, draw by draw, for the chips and years of the ledger; one row per chip or mix, year and draw';
