-- Standard normal deviates of the named groups of an aggregation, aligned with the draws: a stream of its own for each name.
-- One row per name.
select
    asked.name,
    list(stratum.z order by stream_order(run.seed, asked.name, stratum.pair, stratum.is_upper)) as z
from (select unnest($1::varchar[]) as name) as asked
cross join stratum
cross join run
group by asked.name
