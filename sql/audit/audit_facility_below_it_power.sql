-- Sites whose facility power is below their IT power at the same date and stage: cooling and losses come on top.
-- The newest versions count. One row per milestone of facility power.
create or replace view audit_facility_below_it_power as
select
    facility.milestone_id as subject_id,
    printf(
        'site %s has %.6g MW of facility power (%s) below %.6g MW of IT power (%s) on %s, %s',
        facility.site_id, facility.face_amount, facility.milestone_id, it.face_amount, it.milestone_id,
        facility.on_date, replace(facility.stage, '_', ' ')
    ) as detail,
from newest_milestone as facility
inner join newest_milestone as it using (site_id, on_date, stage)
where
    facility.measure = 'facility_power'
    and it.measure = 'it_power'
    and facility.chip_id is not distinct from it.chip_id
    and facility.face_amount < it.face_amount * (1 - 1e-9);
comment on view audit_facility_below_it_power is 'Sites whose facility power is below their IT power at one date and stage; one row per milestone of facility power';
