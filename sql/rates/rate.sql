-- What one chip of a model or mix, delivered in a year, is worth in a measure, with its interval.
-- One row per chip or mix, delivery year and measure.
create or replace view rate as
select
    interval_of.chip_id,
    interval_of.year,
    interval_of.measure,
    measure.unit,
    interval_of.amount_per_chip_mean,
    interval_of.amount_per_chip[1] as amount_per_chip_p05,
    interval_of.amount_per_chip[2] as amount_per_chip_p50,
    interval_of.amount_per_chip[3] as amount_per_chip_p95,
from rate_interval() as interval_of
inner join measure on interval_of.measure = measure.measure;
comment on view rate is 'What one chip of a model or mix, delivered in a year, is worth in a measure, with its interval; one row per chip or mix, year and measure';
