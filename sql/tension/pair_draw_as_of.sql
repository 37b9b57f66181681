-- The ratio of every pair at a date: statement a in the measure of statement b over statement b [ratio], draw by draw.
-- Both are rated by one bundle, so that the ratio is that of the chips that they come to. Lists: element i for draw i.
-- One row per pair that can be rated.
create or replace macro pair_draw_as_of(as_of) as table
with pair as (
    select *
    from deal_pair_as_of(as_of)
    union all
    select *
    from site_pair_as_of(as_of)
),

witness as materialized (
    select *
    from witness_draw_as_of(as_of)
)

select
    pair.*,
    a.year,
    a.stream_id as stream_a,
    b.stream_id as stream_b,
    a.has_spread as has_spread_a,
    b.has_spread as has_spread_b,
    a.log_spread as log_spread_a,
    b.log_spread as log_spread_b,
    [entry[1] - entry[2] for entry in list_zip(a.log_chips, b.log_chips)] as log_ratio,
from pair
inner join witness as a on pair.statement_a = a.line_id
inner join witness as b on pair.statement_b = b.line_id;
comment on macro table pair_draw_as_of is 'Ratio of every pair of statements at a date, draw by draw; one row per pair';
