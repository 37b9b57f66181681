-- What drives the remainder of a programme at a date: the share of its variance that goes with each assumption alone
-- (first order: the squared correlation of the draws), in one measure. Spreads of statements, milestones and claims are
-- named by their stream. One row per programme and driver with a share above 3 %.
create or replace macro driver_as_of(as_of, of_measure) as table
with remainder as (
    select
        programme_id,
        draw,
        unidentified,
    from reconciliation_draw_as_of(as_of, measures := [of_measure])
    where level = 'programme'
),

assumption_stream as (
    select
        assumption_id as stream_id,
        unnest(range(1, run.draw_count + 1))::integer as draw,
        unnest(draws) as deviate,
    from (
        select
            assumption_id,
            any_value(draws) as draws,
        from assumption_draw
        where list_min(draws) < list_max(draws)
        group by assumption_id
    )
    cross join run
),

own_stream as (
    select distinct
        top_deal.programme_id,
        line.stream_id,
    from deal_line_as_of(as_of) as line
    inner join top_deal using (deal_id)
    where line.low < line.high
    union
    select distinct
        deal.programme_id,
        line.stream_id,
    from site_line_as_of(as_of) as line
    inner join claim using (site_id)
    inner join deal using (deal_id)
    where line.low < line.high and deal.programme_id is not null
    union
    select distinct
        deal.programme_id,
        concat('claim.', claim.claim_id) as stream_id,
    from claim
    inner join deal using (deal_id)
    where claim.share_low < claim.share_high and deal.programme_id is not null
),

own_deviate as (
    select
        own_stream.programme_id,
        own_stream.stream_id,
        (row_number() over (
            partition by own_stream.programme_id, own_stream.stream_id
            order by stream_order(run.seed, own_stream.stream_id, stratum.draw)
        ))::integer as draw,
        stratum.z as deviate,
    from own_stream
    cross join stratum
    cross join run
),

correlation as (
    select
        remainder.programme_id,
        stream.stream_id,
        corr(remainder.unidentified, stream.deviate) as coefficient,
    from remainder
    inner join assumption_stream as stream using (draw)
    group by remainder.programme_id, stream.stream_id
    union all
    select
        remainder.programme_id,
        stream.stream_id,
        corr(remainder.unidentified, stream.deviate) as coefficient,
    from remainder
    inner join own_deviate as stream using (programme_id, draw)
    group by remainder.programme_id, stream.stream_id
)

select
    programme_id,
    stream_id as driver,
    coefficient ** 2 as variance_share,
    case when coefficient > 0 then 'raises' else 'lowers' end as direction,
from correlation
where isfinite(coefficient) and coefficient ** 2 > 0.03
order by programme_id, variance_share desc, driver;
comment on macro table driver_as_of is 'Assumptions that drive the remainder of a programme at a date, by first-order share of variance; one row per programme and driver';
