-- Milestones called operational on a day after they became known: nobody can know that yet. One row per milestone.
create or replace view audit_operational_after_known_on as
select
    milestone_id as subject_id,
    printf(
        'milestone %s is operational on %s but was known on %s already; a state to come is planned', milestone_id, on_date, known_on
    ) as detail,
from milestone
where stage = 'operational' and on_date > known_on;
comment on view audit_operational_after_known_on is 'Milestones called operational on a day after they became known; one row per milestone';
