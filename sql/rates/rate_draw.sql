-- What one chip of a model or mix, delivered in a year, is worth in a measure, draw by draw, for every chip and year.
-- One row per chip or mix, delivery year, measure and draw. Filter on chip_id and year: the draws are computed as asked.
create or replace view rate_draw as
with bundle as (
    select * exclude (chip_hours_per_year)
    from bundle_draw_formula
),

entry as (
    select *
    from bundle
    unpivot (amount_per_chip for measure in (columns(* exclude (chip_id, year, draw))))
)

select
    entry.chip_id,
    entry.year,
    entry.measure,
    measure.unit,
    entry.draw,
    entry.amount_per_chip,
from entry
inner join measure using (measure);
comment on view rate_draw is 'What one chip of a model or mix, delivered in a year, is worth in a measure, draw by draw; one row per chip or mix, year, measure and draw';
