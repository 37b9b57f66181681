-- Deals at a date in the measures asked for, as mean and percentiles [5th, 50th, 95th] over draws.
-- measures, deals: those asked for, null for all. One row per deal and measure.
create or replace macro deal_interval_as_of(as_of, measures := null, deals := null) as table
select
    deal_id,
    measure,
    avg(amount) as amount_mean,
    quantile_cont(amount, [0.05, 0.50, 0.95]) as amount,
from deal_draw_as_of(as_of, measures := measures, deals := deals)
group by deal_id, measure;
comment on macro table deal_interval_as_of is 'Deals at a date as mean and percentiles over draws; one row per deal and measure';
