-- The milestones by which sites are reckoned by quarter, as lines of the form of unit_line_as_of (stage: by_quarter).
-- One row per milestone and measure that a state of the site asks for.
create or replace macro unit_quarter_line_as_of(as_of) as table
with wanted as (
    select distinct
        line_id,
        target_measure,
    from site_state_part_as_of(as_of)
)

select
    line.line_id,
    line.site_id as owner_id,
    'by_quarter' as stage,
    wanted.target_measure,
    line.face_amount as weight,
    case when line.low < line.high then line.stream_id end as stream_id,
    case when line.low < line.high then line.low end as low,
    case when line.low < line.high then 1.0 end as best,
    case when line.low < line.high then line.high end as high,
    case when line.low < line.high then line.distribution end as distribution,
    case when line.low < line.high then 0.0 end as smallest_factor,
    case when line.low < line.high then 'infinity'::double end as largest_factor,
    line.measure,
    line.chip_id,
    line.year,
    null as lag_from_year,
    null as assumed_term,
    path_ratio(line.measure, wanted.target_measure, line.peak_pue_ratio) as own_ratio,
    null as position_key,
    path_id(line.measure, line.chip_id, line.year, null, null, own_ratio, null) as path_id,
from wanted
inner join milestone_line_as_of(as_of) as line using (line_id);
comment on macro table unit_quarter_line_as_of is 'Milestones by which sites are reckoned by quarter, as weight, spread and path; one row per milestone and measure';
