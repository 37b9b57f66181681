-- The milestones by which a site is reckoned in each quarter, as site_choice_as_of chooses them, in it_power, chips, compute
-- and total_capex. Operational: at the end of the quarter or, if that is earlier, at as_of; planned: at the end of quarters after
-- as_of. reached_ids: what is operational, as chosen for planned_measure, in which the plan is stated, so that both can be compared.
-- state_id is a hash, the same for equal states, so that each is drawn once. sites: those asked for, null for all.
-- One row per site, quarter and measure.
create or replace macro site_quarter_as_of(as_of, sites := null) as table
with line as materialized (
    select *
    from milestone_line_as_of(as_of)
    where sites is null or list_contains(sites, site_id)
),

target as (
    select unnest(['it_power', 'chips', 'compute', 'total_capex']) as measure
    union
    select measure
    from line
    where stage = 'planned'
),

stated as (
    select
        line.site_id,
        quarter.quarter_end,
        line.stage,
        line.measure as stated_measure,
        line.physical_rank,
        max(line.on_date) as on_date,
        list(line.line_id order by line.line_id) as line_ids,
    from quarter_as_of(as_of) as quarter
    inner join line
        on
            quarter.quarter_end >= line.on_date
            and case line.stage when 'operational' then least(quarter.quarter_end, as_of) else quarter.quarter_end end < line.until_date
            and (line.stage = 'operational' or quarter.quarter_end > as_of)
    group by line.site_id, quarter.quarter_end, line.stage, line.measure, line.physical_rank
),

chosen as materialized (
    select
        stated.site_id,
        stated.quarter_end,
        stated.stage,
        target.measure,
        max_by(
            stated.stated_measure,
            milestone_preference(stated.on_date, stated.stated_measure, target.measure, stated.physical_rank)
        ) as stated_measure,
        max_by(
            stated.line_ids,
            milestone_preference(stated.on_date, stated.stated_measure, target.measure, stated.physical_rank)
        ) as line_ids,
    from stated
    cross join target
    group by stated.site_id, stated.quarter_end, stated.stage, target.measure
),

side_by_side as (
    select
        site_id,
        quarter_end,
        measure,
        any_value(line_ids) filter (stage = 'operational') as operational_ids,
        any_value(line_ids) filter (stage = 'planned') as planned_ids,
        any_value(stated_measure) filter (stage = 'planned') as planned_measure,
    from chosen
    where measure in ('it_power', 'chips', 'compute', 'total_capex')
    group by site_id, quarter_end, measure
)

select
    side_by_side.*,
    reached.line_ids as reached_ids,
    md5_number_lower(
        concat_ws(
            ':',
            side_by_side.measure,
            array_to_string(side_by_side.operational_ids, ';'),
            array_to_string(side_by_side.planned_ids, ';'),
            array_to_string(reached_ids, ';')
        )
    ) as state_id,
from side_by_side
left join chosen as reached
    on
        side_by_side.site_id = reached.site_id
        and side_by_side.quarter_end = reached.quarter_end
        and side_by_side.planned_measure = reached.measure
        and reached.stage = 'operational';
comment on macro table site_quarter_as_of is 'Milestones by which a site is reckoned in each quarter; one row per site, quarter and measure';
