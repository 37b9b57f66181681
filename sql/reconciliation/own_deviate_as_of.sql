-- The deviates of the streams of own_stream_as_of, aligned: element i of each list belongs to draw i. One row per stream.
create or replace macro own_deviate_as_of(as_of) as table
select
    own.stream_id,
    list(stratum.z order by stream_order(run.seed, own.stream_id, stratum.pair, stratum.is_upper)) as draws,
from (select distinct stream_id from own_stream_as_of(as_of)) as own
cross join stratum
cross join run
group by own.stream_id;
comment on macro table own_deviate_as_of is 'Deviates of the streams of own_stream_as_of, aligned with the draws; one row per stream';
