-- The milestones by which a claimed site is reckoned in each quarter, as site_draw_as_of chooses them: for each stage and measure
-- those of the newest date, stated in that measure before converted, most physical first. Operational: at the end of the quarter
-- or, if that is earlier, at as_of; planned: at the end of quarters after as_of. In the measures it_power, chips, compute and
-- total_capex. state_id is a hash, the same for equal states, so that each is drawn once. One row per site, quarter and measure.
create or replace macro site_quarter_as_of(as_of) as table
with target as (
    select unnest(['it_power', 'chips', 'compute', 'total_capex']) as measure
),

claimed as (
    select distinct site_id
    from claim
    where known_on <= as_of
),

in_force as (
    select
        quarter.quarter_end,
        line.*,
    from quarter_as_of(as_of) as quarter
    inner join milestone_line_as_of(as_of) as line
        on
            quarter.quarter_end >= line.on_date
            and case when line.stage = 'operational' then least(quarter.quarter_end, as_of) else quarter.quarter_end end < line.until_date
            and (line.stage = 'operational' or quarter.quarter_end > as_of)
    inner join claimed using (site_id)
),

stated as (
    select
        site_id,
        quarter_end,
        stage,
        measure as stated_measure,
        list(line_id order by line_id) as line_ids,
        date_diff('day', '1970-01-01'::date, max(on_date)) * 1000 - physical_rank as preference,
    from in_force
    group by site_id, quarter_end, stage, measure, physical_rank
),

chosen as (
    select
        stated.site_id,
        stated.quarter_end,
        stated.stage,
        target.measure,
        arg_max(stated.line_ids, stated.preference + case when stated.stated_measure = target.measure then 500 else 0 end) as line_ids,
    from stated
    cross join target
    group by stated.site_id, stated.quarter_end, stated.stage, target.measure
)

select
    site_id,
    quarter_end,
    measure,
    coalesce(any_value(line_ids) filter (stage = 'operational'), []) as operational_ids,
    coalesce(any_value(line_ids) filter (stage = 'planned'), []) as planned_ids,
    md5_number_lower(
        concat(measure, ':', array_to_string(operational_ids, ';'), ':', array_to_string(planned_ids, ';'))
    ) as state_id,
from chosen
group by site_id, quarter_end, measure;
comment on macro table site_quarter_as_of is 'Milestones by which a claimed site is reckoned in each quarter; one row per site, quarter and measure';
