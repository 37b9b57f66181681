-- Deals at a date in every measure, with intervals and the face value beside them. One row per deal and measure.
create or replace macro deal_capacity_as_of(as_of, measures := null, deals := null) as table
select
    deal.deal_id,
    deal.title,
    deal.programme_id,
    deal.layer,
    deal.status,
    line.measure as stated_measure,
    stated.unit as stated_unit,
    line.face_amount,
    line.qualifier,
    line.chip_id,
    line.chip_is_assumed,
    line.year,
    interval_of.measure,
    measure.unit,
    amount_mean,
    amount[1] as amount_p05,
    amount[2] as amount_p50,
    amount[3] as amount_p95,
from deal_interval_as_of(as_of, measures := measures, deals := deals) as interval_of
inner join deal using (deal_id)
inner join deal_line_as_of(as_of) as line using (deal_id)
inner join measure on interval_of.measure = measure.measure
inner join measure as stated on line.measure = stated.measure
order by deal.deal_id, interval_of.measure;
comment on macro table deal_capacity_as_of is 'Deals at a date in every measure with intervals, and the stated face value; one row per deal and measure';
