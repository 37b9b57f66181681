-- What each stage of a site has reached at a date in the chosen measures, draw by draw; cumulative, so that planned includes
-- what is under construction, which includes what is operational.
-- One row per site, stage, measure and draw.
create or replace macro site_reach_as_of(as_of, measures, sites) as table
with choice as materialized (
    select *
    from site_choice_as_of(as_of, measures, sites)
)

select
    choice.site_id,
    choice.stage,
    choice.target_measure as measure,
    choice.stated_measure,
    line.draw,
    whole_sum(
        case
            when choice.target_measure = line.measure then line.amount
            else line.chip_count * bundle_entry(choice.target_measure, contract_years, line)
        end
    ) as amount,
from line_bundle_as_of(as_of, 'site', true, lines := (select list(distinct line_id) from choice)) as line
inner join choice using (line_id)
group by choice.site_id, choice.stage, choice.target_measure, choice.stated_measure, line.draw;
comment on macro table site_reach_as_of is 'What each stage of a site has reached at a date, draw by draw, cumulative; one row per site, stage, measure and draw';
