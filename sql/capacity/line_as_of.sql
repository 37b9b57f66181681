-- Statements and milestones known at a date as lines of one form.
-- is_reckoned: the line is the one by which its deal is reckoned, or a milestone in force. One row per line.
create or replace macro line_as_of(as_of) as table
select
    'deal' as kind,
    line_id,
    deal_id as owner_id,
    null::varchar as stage,
    null::date as on_date,
    measure,
    physical_rank,
    face_amount,
    stream_id,
    low,
    best,
    high,
    distribution,
    smallest_factor,
    largest_factor,
    chip_id,
    year,
    announced_year,
    term_years,
    term_parameter,
    null::double as peak_pue_ratio,
    line_id in (select line_id from deal_line_as_of(as_of)) as is_reckoned,
from statement_line
where known_on <= as_of
union all
select
    'site' as kind,
    line_id,
    site_id as owner_id,
    stage,
    on_date,
    measure,
    physical_rank,
    face_amount,
    stream_id,
    low,
    best,
    high,
    distribution,
    smallest_factor,
    largest_factor,
    chip_id,
    year,
    null as announced_year,
    null as term_years,
    'cloud_term_years' as term_parameter,
    peak_pue_ratio,
    true as is_reckoned,
from site_line_as_of(as_of);
comment on macro table line_as_of is 'Statements and milestones known at a date as lines of one form; one row per line';
