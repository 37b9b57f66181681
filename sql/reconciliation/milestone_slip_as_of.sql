-- Milestones whose date moved, as known at a date: a site is to reach a level at a stage on another day than was said before.
-- A level is a stage, measure and chip with the same face value within 1 %; of one day's sayings the first date counts, and each
-- is held against the last one before it. slip_days: later is positive [day]. One row per milestone with a moved date.
create or replace macro milestone_slip_as_of(as_of) as table
with stated as (
    select
        *,
        stated_amount('exact', amount_low, amount_best, amount_high) as face_amount,
    from milestone
    where known_on <= as_of and stage in ('planned', 'under_construction')
),

first as (
    select said.*
    from stated as said
    where not exists (
        select 1
        from stated as sooner
        where
            sooner.site_id = said.site_id
            and sooner.stage = said.stage
            and sooner.measure = said.measure
            and sooner.chip_id is not distinct from said.chip_id
            and sooner.known_on = said.known_on
            and sooner.on_date < said.on_date
            and abs(sooner.face_amount - said.face_amount) <= 0.01 * said.face_amount
    )
),

moved as (
    select
        new.milestone_id,
        max_by(old.milestone_id, concat(old.known_on, old.on_date, old.milestone_id)) as old_milestone_id,
    from first as new
    inner join first as old using (site_id, stage, measure)
    where
        new.chip_id is not distinct from old.chip_id
        and old.known_on < new.known_on
        and abs(new.face_amount - old.face_amount) <= 0.01 * old.face_amount
        and new.face_amount > 0
    group by new.milestone_id
)

select
    new.site_id,
    site.name,
    new.stage,
    new.measure,
    new.face_amount as amount,
    measure.unit,
    new.chip_id,
    old.on_date as old_on_date,
    new.on_date,
    date_diff('day', old.on_date, new.on_date) as slip_days,
    old.known_on as old_known_on,
    new.known_on,
    moved.old_milestone_id,
    moved.milestone_id,
    old.source_id as old_source_id,
    new.source_id,
from moved
inner join stated as new using (milestone_id)
inner join stated as old on moved.old_milestone_id = old.milestone_id
inner join site on new.site_id = site.site_id
inner join measure on new.measure = measure.measure
where old.on_date <> new.on_date
order by new.site_id, new.stage, new.measure, new.known_on, new.milestone_id;
comment on macro table milestone_slip_as_of is 'Milestones whose date moved, as known at a date, in days; one row per milestone with a moved date';
