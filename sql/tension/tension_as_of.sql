-- The back-test at a date: every pair of statements of a deal, and of milestones of a site, with the ratio of the one
-- converted into the measure of the other over the other as stated, both with their spreads [ratio].
-- agrees: 1 lies between the 5th and 95th percentile; null where the pair is not scored. One row per pair.
create or replace macro tension_as_of(as_of) as table
select
    pair.deal_id,
    pair.site_id,
    pair.pair_type,
    pair.statement_a,
    pair.statement_b,
    pair.measure_a,
    pair.measure_b,
    pair.qualifier_a,
    pair.qualifier_b,
    pair.face_amount_a,
    pair.face_amount_b,
    measure_a.unit as unit_a,
    measure_b.unit as unit_b,
    pair.chip_id,
    pair.year,
    list_avg([exp(entry) for entry in pair.log_ratio]) as ratio_mean,
    exp(list_aggregate(pair.log_ratio, 'quantile_cont', 0.05)) as ratio_p05,
    exp(list_aggregate(pair.log_ratio, 'quantile_cont', 0.50)) as ratio_p50,
    exp(list_aggregate(pair.log_ratio, 'quantile_cont', 0.95)) as ratio_p95,
    case when pair.is_scored then ratio_p05 <= 1 + 1e-9 and ratio_p95 >= 1 - 1e-9 end as agrees,
    pair_driver.driver,
    pair_driver.driver_variance_share,
    pair_driver.driver_factor,
from pair_draw_as_of(as_of) as pair
inner join measure as measure_a on pair.measure_a = measure_a.measure
inner join measure as measure_b on pair.measure_b = measure_b.measure
left join pair_driver_as_of(as_of) as pair_driver using (statement_a, statement_b)
order by
    pair.deal_id is null,
    agrees nulls last,
    abs(ln(ratio_p50)) / greatest(ln(ratio_p95 / ratio_p05), 1e-9) desc,
    pair.statement_a,
    pair.statement_b;
comment on macro table tension_as_of is 'Pairs of statements held against each other at a date: ratio with interval, whether they agree, what would have to move; one row per pair';
