-- How good the conversions are at a date, over the pairs that are scored: coverage is the share that agrees, factor the median of
-- the larger of ratio and 1 / ratio, width the median of p95 / p05, bias the median ratio.
-- One row for all, per kind of pair (deals, sites), and per pair type within each kind; what does not apply is null.
create or replace macro tension_summary_as_of(as_of) as table
select
    case when deal_id is null then 'sites' else 'deals' end as witness,
    pair_type,
    count(*) as pair_count,
    avg(case when agrees then 1.0 else 0.0 end) as coverage,
    median(greatest(ratio_p50, 1 / ratio_p50)) as median_factor,
    median(ratio_p95 / ratio_p05) as median_width,
    median(ratio_p50) as median_ratio,
from tension_as_of(as_of)
where agrees is not null
group by grouping sets ((), (witness), (witness, pair_type))
order by witness nulls first, pair_type nulls first;
comment on macro table tension_summary_as_of is 'Coverage, median factor and median width of the pairs that are scored, over all, by witness and by pair type';
