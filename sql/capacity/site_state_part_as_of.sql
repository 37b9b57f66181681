-- The milestones of which the states of sites by quarter consist: what is operational and what is planned, and, to compare both in the
-- measure in which the plan is stated, planned_as_stated and reached. sites: those asked for, null for all.
-- One row per state, part and milestone.
create or replace macro site_state_part_as_of(as_of, sites := null) as table
with state as materialized (
    select distinct * exclude (quarter_end)
    from site_quarter_as_of(as_of, sites := sites)
),

part as (
    select
        site_id,
        state_id,
        unnest(['operational', 'planned', 'planned_as_stated', 'reached']) as part,
        unnest([measure, measure, planned_measure, planned_measure]) as target_measure,
        unnest([operational_ids, planned_ids, planned_ids, reached_ids]) as line_ids,
    from state
)

select
    * exclude (line_ids),
    unnest(line_ids) as line_id,
from part;
comment on macro table site_state_part_as_of is 'Milestones of which the states of sites by quarter consist; one row per state, part and milestone';
