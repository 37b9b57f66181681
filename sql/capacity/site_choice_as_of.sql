-- The milestones by which each stage of a site is reckoned in each measure at a date, see milestone_preference.
-- Chosen for the measures asked for (null for all) and for those in which the chosen milestones are stated, so that the
-- stages of a site can be compared in them. sites: those asked for, null for all.
-- One row per site, stage, target measure and milestone (one for each chip where they are stated by chip).
create or replace macro site_choice_as_of(as_of, measures, sites) as table
with line as (
    select *
    from site_line_as_of(as_of)
    where sites is null or list_contains(sites, site_id)
),

asked as (
    select
        line.site_id,
        target.measure as target_measure,
        max_by(
            line.measure, milestone_preference(line.on_date, line.measure, target.measure, line.physical_rank)
        ) as stated_measure,
    from line
    cross join target_measure(measures) as target
    group by line.site_id, line.stage, target.measure
),

wanted as (
    select
        site_id,
        target_measure,
    from asked
    union
    select
        site_id,
        stated_measure as target_measure,
    from asked
),

chosen as (
    select
        line.site_id,
        line.stage,
        wanted.target_measure,
        max_by(
            line.measure,
            milestone_preference(line.on_date, line.measure, wanted.target_measure, line.physical_rank)
        ) as stated_measure,
    from line
    inner join wanted using (site_id)
    group by line.site_id, line.stage, wanted.target_measure
)

select
    line.line_id,
    line.site_id,
    line.stage,
    chosen.target_measure,
    chosen.stated_measure,
from chosen
inner join line
    on
        chosen.site_id = line.site_id
        and chosen.stage = line.stage
        and chosen.stated_measure = line.measure;
comment on macro table site_choice_as_of is 'Milestones by which each stage of a site is reckoned in each measure at a date; one row per site, stage, measure and milestone';
