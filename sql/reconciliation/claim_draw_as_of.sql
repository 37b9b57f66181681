-- The share of a site that serves a programme at a date, draw by draw.
-- Within a layer shares add up to at most 1; across layers the same capacity is claimed again, so the largest counts.
-- One row per programme, site and draw.
create or replace macro claim_draw_as_of(as_of) as table
with claimed as (
    select *
    from claim_line_as_of(as_of)
),

placed as (
    select
        claimed.*,
        unnest(list_zip(deviate.u, range(1, run.draw_count + 1))) as point,
    from claimed
    cross join run
    inner join (
        select
            stream.stream_id,
            list(stratum.u order by stream_order(run.seed, stream.stream_id, stratum.pair, stratum.is_upper)) as u,
        from (select distinct stream_id from claimed) as stream
        cross join stratum
        cross join run
        group by stream.stream_id
    ) as deviate using (stream_id)
),

by_layer as (
    select
        programme_id,
        site_id,
        layer,
        point[2] as draw,
        least(1, sum(least(1, spread_value(low, share_best, high, 'uniform', 0, point[1])))) as share,
    from placed
    group by programme_id, site_id, layer, point[2]
)

select
    programme_id,
    site_id,
    draw::integer as draw,
    max(share) as share,
from by_layer
group by programme_id, site_id, draw;
comment on macro table claim_draw_as_of is 'Share of a site that serves a programme at a date, draw by draw; one row per programme, site and draw';
