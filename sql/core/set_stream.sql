-- The strata of the stream of an assumption, in the order of the draws. One row per draw.
insert into set_stream
select
    $1 as assumption_id,
    row_number() over (order by stream_order(run.seed, $1, stratum.pair, stratum.is_upper)) as place,
    stratum.z,
    stratum.u,
from stratum
cross join run
