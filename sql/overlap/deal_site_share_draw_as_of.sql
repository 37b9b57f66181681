-- The share of a site at which a deal stands at a date, draw by draw [share]: within a layer shares add up to at most 1, across
-- the layers of its own claims the same capacity is claimed again, so the largest counts. One row per deal, site and draw.
create or replace macro deal_site_share_draw_as_of(as_of) as table
with held as materialized (
    select *
    from deal_site_claim_as_of(as_of)
),

deviate as (
    select
        stream.stream_id,
        list(stratum.u order by stream_order(run.seed, stream.stream_id, stratum.pair, stratum.is_upper)) as u,
    from (select distinct stream_id from held) as stream
    cross join stratum
    cross join run
    group by stream.stream_id
),

placed as (
    select
        held.deal_id,
        held.site_id,
        held.layer,
        unnest(range(1, len(deviate.u) + 1))::integer as draw,
        unnest(deviate.u) as u,
        held.low,
        held.share_best,
        held.high,
    from held
    inner join deviate using (stream_id)
),

by_layer as (
    select
        deal_id,
        site_id,
        draw,
        least(1, sum(least(1, spread_value(low, share_best, high, 'uniform', 0, u)))) as share,
    from placed
    group by deal_id, site_id, layer, draw
)

select
    deal_id,
    site_id,
    draw,
    max(share) as share,
from by_layer
group by deal_id, site_id, draw;
comment on macro table deal_site_share_draw_as_of is 'Share of a site at which a deal stands at a date, draw by draw; one row per deal, site and draw';
