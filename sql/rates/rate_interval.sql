-- What one chip of a model or mix, delivered in a year, is worth in a measure, as mean and percentiles [5th, 50th, 95th] over draws.
-- One row per chip or mix, delivery year and measure.
create or replace macro rate_interval() as table
select
    chip_id,
    year,
    measure,
    avg(amount_per_chip) as amount_per_chip_mean,
    quantile_cont(amount_per_chip, [0.05, 0.50, 0.95]) as amount_per_chip,
from rate_draw
group by chip_id, year, measure;
comment on macro table rate_interval is 'What one chip of a model or mix, delivered in a year, is worth in a measure, as mean and percentiles; one row per chip or mix, year and measure';
