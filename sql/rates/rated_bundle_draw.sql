-- The bundles of the chips and years by which lines of the ledger can be rated, computed as asked: in a built file, where kept
-- bundles would take up most of the room, `bundle_draw` is this. One row per chip or mix, year and draw.
create or replace view rated_bundle_draw as
select *
from bundle_draw_formula
where
    (chip_id, year) in (
        select (chip_id, year)
        from rated_pair
    );
comment on view rated_bundle_draw is 'What one chip is worth in every measure, draw by draw, for the chips and years of the ledger; one row per chip or mix, year and draw';
