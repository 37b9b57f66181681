-- Milestones in force at a date: the newest version of each, the latest state of each stage that is reached
-- (planned: within planned_horizon_years), and nothing planned or under construction after a cancellation.
-- One row per site, stage, measure and chip.
create or replace macro milestone_as_of(as_of) as table
with known as (
    select *
    from milestone
    where known_on <= as_of
    qualify row_number() over (
        partition by site_id, on_date, stage, measure, chip_id
        order by known_on desc, milestone_id
    ) = 1
),

cancellation as (
    select
        site_id,
        max(known_on) as known_on,
    from known
    where stage = 'cancelled' and on_date <= as_of
    group by site_id
),

horizon as (
    select (as_of + to_days((365.25 * max(best))::integer))::date as planned_until
    from assumption_row
    where parameter = 'planned_horizon_years'
)

select known.*
from known
cross join horizon
left join cancellation using (site_id)
where
    known.stage <> 'cancelled'
    and known.on_date <= case when known.stage = 'planned' then coalesce(horizon.planned_until, '9999-12-31'::date) else as_of end
    and (known.stage = 'operational' or cancellation.known_on is null or cancellation.known_on < known.known_on)
qualify
    rank() over (
        partition by known.site_id, known.stage, known.measure, known.chip_id
        order by known.on_date desc
    ) = 1
    and (
        known.chip_id is null
        or count(*) filter (known.chip_id is null)
            over (partition by known.site_id, known.stage, known.measure) = 0
    );
comment on macro table milestone_as_of is 'Milestones in force at a date: newest version, latest state of each stage; one row per site, stage, measure and chip';
