-- Chips delivered more than a quarter (92 days) before their release: deals by their first day, sites by operational milestones.
-- A mix is no chip, and cancelled deals deliver nothing. One row per deal or milestone.
create or replace view audit_chip_delivered_before_release as
with delivery as (
    select
        'deal' as kind,
        deal_id as subject_id,
        chip_id,
        starts_on as delivered_on,
    from deal
    where status <> 'cancelled'
    union all
    select
        'milestone' as kind,
        milestone_id as subject_id,
        chip_id,
        on_date as delivered_on,
    from newest_milestone
    where stage = 'operational'
)

select
    delivery.subject_id,
    printf(
        '%s %s has chip %s from %s, but it was released on %s',
        delivery.kind, delivery.subject_id, delivery.chip_id, delivery.delivered_on, chip.released_on
    ) as detail,
from delivery
inner join chip using (chip_id)
where chip.released_on > delivery.delivered_on + to_days(92);
comment on view audit_chip_delivered_before_release is 'Chips delivered more than a quarter before their release; one row per deal or milestone';
