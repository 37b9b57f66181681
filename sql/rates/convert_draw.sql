-- An amount of one measure in another, draw by draw: amount x bundle[to] / bundle[from]. One row per draw.
create or replace macro convert_draw(amount, from_measure, to_measure, of_chip, delivery_year) as table
select
    stated.draw,
    amount
    * case when from_measure = to_measure then 1 else target.amount_per_chip / stated.amount_per_chip end as converted_amount,
from rate_draw as stated
inner join rate_draw as target on stated.draw = target.draw
where
    stated.chip_id = of_chip
    and stated.year = rated_year(delivery_year)
    and stated.measure = from_measure
    and target.chip_id = of_chip
    and target.year = rated_year(delivery_year)
    and target.measure = to_measure;
comment on macro table convert_draw is 'Amount of one measure in another for a chip or mix and delivery year, draw by draw [unit of to_measure]';
