-- What each state contributes to each programme at a date, with intervals. measures: those asked for, null for all.
-- One row per programme, state and measure.
create or replace macro programme_state_as_of(as_of, measures := null) as table
select
    detail.programme_id,
    detail.state,
    detail.country,
    detail.measure,
    measure.unit,
    detail.operational_mean,
    detail.operational_p05,
    detail.operational_p50,
    detail.operational_p95,
    detail.under_construction_mean,
    detail.under_construction_p05,
    detail.under_construction_p50,
    detail.under_construction_p95,
    detail.planned_mean,
    detail.planned_p05,
    detail.planned_p50,
    detail.planned_p95,
from reconciliation_detail_as_of(as_of, measures := measures) as detail
inner join measure on detail.measure = measure.measure
where detail.level = 'state'
order by all;
comment on macro table programme_state_as_of is 'Contribution of each state to each programme at a date with intervals; one row per programme, state and measure';
