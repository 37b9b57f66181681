-- What one chip of a model or mix, delivered in a year, is worth in a measure, with its interval.
-- One row per chip or mix, delivery year and measure.
create or replace view rate as
select
    chip_id,
    year,
    measure,
    unit,
    avg(amount_per_chip) as amount_per_chip_mean,
    quantile_cont(amount_per_chip, 0.05) as amount_per_chip_p05,
    quantile_cont(amount_per_chip, 0.50) as amount_per_chip_p50,
    quantile_cont(amount_per_chip, 0.95) as amount_per_chip_p95,
from rate_draw
group by chip_id, year, measure, unit;
comment on view rate is 'What one chip of a model or mix, delivered in a year, is worth in a measure, with its interval; one row per chip or mix, year and measure';
