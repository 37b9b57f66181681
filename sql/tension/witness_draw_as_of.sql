-- What each statement or milestone of a pair comes to in chips, and its own spread, draw by draw as lists: element i for draw i.
-- One row per statement or milestone that can be rated and is not 0.
create or replace macro witness_draw_as_of(as_of) as table
with converted as materialized (
    select *
    from line_bundle_as_of(as_of, 'deal', false)
    where line_id in (select unnest([statement_a, statement_b]) from deal_pair_as_of(as_of))
    union all
    select *
    from line_bundle_as_of(as_of, 'site', false)
    where line_id in (select unnest([statement_a, statement_b]) from site_pair_as_of(as_of))
),

unrated as (
    select line_id
    from converted
    where chip_count is null or not (chip_count > 0 and amount > 0)
)

select
    line_id,
    any_value(stream_id) as stream_id,
    any_value(low) < any_value(high) as has_spread,
    mode(year) as year,
    list(ln(chip_count) order by draw) as log_chips,
    list(ln(amount / face_amount) order by draw) as log_spread,
from converted
where line_id not in (select line_id from unrated)
group by line_id;
comment on macro table witness_draw_as_of is 'What each statement or milestone of a pair comes to in chips, draw by draw; one row per statement or milestone';
