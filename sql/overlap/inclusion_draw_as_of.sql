-- How much of a deal another deal tells as well, beyond part_of, as known at a date, draw by draw [share]. The newest version of each
-- inclusion counts. One row per part, whole and draw.
create or replace macro inclusion_draw_as_of(as_of) as table
with newest as (
    select
        part_id,
        whole_id,
        share_best,
        coalesce(share_low, share_best) as low,
        coalesce(share_high, share_best) as high,
        concat('inclusion.', inclusion_id) as stream_id,
    from inclusion
    where known_on <= as_of
    qualify row_number() over (partition by part_id, whole_id order by known_on desc, inclusion_id) = 1
),

deviate as (
    select
        newest.stream_id,
        list(stratum.u order by stream_order(run.seed, newest.stream_id, stratum.pair, stratum.is_upper)) as u,
    from newest
    cross join stratum
    cross join run
    group by newest.stream_id
),

placed as (
    select
        newest.*,
        unnest(range(1, len(deviate.u) + 1))::integer as draw,
        unnest(deviate.u) as u,
    from newest
    inner join deviate using (stream_id)
)

select
    part_id,
    whole_id,
    draw,
    least(1, spread_value(low, share_best, high, 'uniform', 0, u)) as share,
from placed;
comment on macro table inclusion_draw_as_of is 'How much of a deal another deal tells as well as known at a date, draw by draw; one row per part, whole and draw [share]';
