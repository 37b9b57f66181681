-- The share of a site that serves a programme at a date, draw by draw.
-- A claim of a deal inside another claiming deal of the same site is the same capacity and is left out; within a layer
-- shares add up to at most 1; across layers the same capacity is claimed again, so the largest counts.
-- One row per programme, site and draw.
create or replace macro claim_draw_as_of(as_of) as table
with newest as (
    select
        claim.*,
        deal.programme_id,
        deal.layer,
        coalesce(claim.share_low, claim.share_best) as low,
        coalesce(claim.share_high, claim.share_best) as high,
        concat('claim.', claim.claim_id) as stream_id,
    from claim
    inner join deal using (deal_id)
    where claim.known_on <= as_of and deal.programme_id is not null and deal.status <> 'cancelled'
    qualify row_number() over (
        partition by claim.deal_id, claim.site_id
        order by claim.known_on desc, claim.claim_id
    ) = 1
),

outermost as (
    select newest.*
    from newest
    where not exists (
        select 1
        from deal_ancestor
        inner join newest as whole on deal_ancestor.ancestor_id = whole.deal_id
        where
            deal_ancestor.deal_id = newest.deal_id
            and whole.site_id = newest.site_id
            and whole.programme_id = newest.programme_id
    )
),

placed as (
    select
        outermost.*,
        unnest(list_zip(deviate.u, range(1, run.draw_count + 1))) as point,
    from outermost
    cross join run
    inner join (
        select
            stream.stream_id,
            list(stratum.u order by stream_order(run.seed, stream.stream_id, stratum.pair, stratum.is_upper)) as u,
        from (select distinct stream_id from outermost) as stream
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
