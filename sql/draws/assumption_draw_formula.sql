-- The draws of every assumption, aligned: element i of each list belongs to draw i.
-- No draw leaves what is plausible for its parameter (a PUE below 1). The stream is the assumption_id: rows that share an id
-- move together. One row per row of assumption.
create or replace view assumption_draw_formula as
with placed as (
    select
        assumption_id,
        stratum.z,
        stratum.u,
        stream_order(run.seed, assumption_id, stratum.pair, stratum.is_upper) as place,
    from (
        select distinct assumption_id from assumption_row
        where low < high
    )
    cross join stratum
    cross join run
),

spread as (
    select
        assumption_row.assumption_key,
        list(
            greatest(
                parameter.minimum,
                least(parameter.maximum, spread_value(low, best, high, distribution, placed.z, placed.u))
            )
            order by placed.place
        ) as draws,
    from placed
    inner join assumption_row using (assumption_id)
    left join parameter using (parameter)
    group by assumption_row.assumption_key
)

select
    assumption_row.assumption_key,
    assumption_row.assumption_id,
    assumption_row.parameter,
    coalesce(spread.draws, list_resize([]::double[], run.draw_count, assumption_row.best)) as draws,
from assumption_row
cross join run
left join spread using (assumption_key);
comment on view assumption_draw_formula is 'Aligned draws of every assumption as lists; one row per row of assumption';
