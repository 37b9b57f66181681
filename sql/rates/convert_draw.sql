-- An amount of one measure in another, draw by draw: amount x bundle[to] / bundle[from]. One row per draw.
-- of_builder: the kind of the party that builds, by which an amount of unstated basis is read; null where it is not known.
create or replace macro convert_draw(amount, from_measure, to_measure, of_chip, delivery_year, of_builder := null) as table
select
    stated.draw,
    amount
    * case when from_measure = to_measure then 1 else target.amount_per_chip / stated.amount_per_chip end as converted_amount,
from builder_rate_draw(of_chip, rated_year(delivery_year), from_measure, of_builder) as stated
inner join builder_rate_draw(of_chip, rated_year(delivery_year), to_measure, of_builder) as target on stated.draw = target.draw;
comment on macro table convert_draw is 'Amount of one measure in another for a chip or mix and delivery year, draw by draw [unit of to_measure]';
