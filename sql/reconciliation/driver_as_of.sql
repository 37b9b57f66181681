-- What drives the remainder of a programme at a date: the share of its variance that goes with each assumption alone
-- (first order: the squared correlation of the draws), in one measure. Spreads of statements, milestones and claims are
-- named by their stream. One row per programme and driver with a share above 3 %.
create or replace macro driver_as_of(as_of, of_measure) as table
with remainder as (
    select
        programme_id,
        list(unidentified order by draw) as draws,
    from reconciliation_draw_as_of(as_of, measures := [of_measure])
    where measure = of_measure and unidentified is not null
    group by programme_id
),

own_deviate as (
    select
        own.programme_id,
        own.stream_id,
        deviate.draws,
    from own_stream_as_of(as_of) as own
    inner join remainder using (programme_id)
    inner join own_deviate_as_of(as_of) as deviate on own.stream_id = deviate.stream_id
),

assumption_stream as (
    select
        assumption_id as stream_id,
        any_value(draws) as draws,
    from assumption_draw
    where draws[1] <> draws[2] or list_min(draws) < list_max(draws)
    group by assumption_id
),

measured_remainder as (
    select
        *,
        list_avg(draws) as draws_mean,
        list_stddev_pop(draws) as draws_deviation,
    from remainder
),

measured_stream as (
    select
        null as programme_id,
        stream_id,
        draws,
        list_avg(draws) as draws_mean,
        list_stddev_pop(draws) as draws_deviation,
    from assumption_stream
    union all
    select
        programme_id,
        stream_id,
        draws,
        list_avg(draws) as draws_mean,
        list_stddev_pop(draws) as draws_deviation,
    from own_deviate
),

correlation as (
    select
        remainder.programme_id,
        stream.stream_id,
        (
            list_inner_product(remainder.draws, stream.draws) / len(stream.draws)
            - remainder.draws_mean * stream.draws_mean
        ) / nullif(remainder.draws_deviation * stream.draws_deviation, 0) as coefficient,
    from measured_remainder as remainder
    inner join measured_stream as stream
        on coalesce(stream.programme_id, remainder.programme_id) = remainder.programme_id
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
