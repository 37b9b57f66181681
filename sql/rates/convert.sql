-- Converts an amount of one measure into another for a chip or mix delivered in a year, with its interval.
-- from convert(1e6, 'chips', 'it_power', 'tpu-v7', 2026). One row; no row when there is no such rate.
-- A contract converts through its yearly spend: divide it by the term first. An amount of unstated basis is read as one of a
-- builder of a kind with builder := 'landlord'.
create or replace macro convert(amount, from_measure, to_measure, chip, delivery_year, builder := null) as table
select
    avg(converted_amount) as amount_mean,
    quantile_cont(converted_amount, 0.05) as amount_p05,
    quantile_cont(converted_amount, 0.50) as amount_p50,
    quantile_cont(converted_amount, 0.95) as amount_p95,
    (
        select unit
        from measure
        where measure = to_measure
    ) as unit,
from convert_draw(amount, from_measure, to_measure, chip, delivery_year, of_builder := builder)
having count(*) > 0;
comment on macro table convert is 'Amount of one measure in another for a chip or mix and delivery year, with its interval [unit of to_measure]';
