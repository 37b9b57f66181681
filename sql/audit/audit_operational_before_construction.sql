-- Sites that are operational before construction: a first construction milestone that comes later than an operational one without
-- exceeding it (one that exceeds it is an extension of a running site), or more operational than is said, no
-- earlier, to be under construction or planned at the same date (milestones are cumulative, so operational is the smallest).
-- One row per site and measure, and per operational milestone and milestone that it exceeds.
create or replace view audit_operational_before_construction as
with first_construction as (
    select *
    from newest_milestone
    where stage = 'under_construction'
    qualify row_number() over (partition by site_id, measure, chip_id order by on_date) = 1
)

select
    begun.site_id as subject_id,
    printf(
        'site %s has %.6g %s of %s operational from %s (%s), before its first construction milestone of %s (%s)',
        begun.site_id, arg_min(ready.face_amount, ready.on_date), begun.unit, begun.measure, min(ready.on_date),
        arg_min(ready.milestone_id, ready.on_date), begun.on_date, begun.milestone_id
    ) as detail,
from first_construction as begun
inner join newest_milestone as ready using (site_id, measure)
where
    ready.stage = 'operational'
    and ready.chip_id is not distinct from begun.chip_id
    and ready.on_date < begun.on_date
    and ready.face_amount >= begun.face_amount
group by begun.site_id, begun.unit, begun.measure, begun.on_date, begun.milestone_id
union all
select
    ready.site_id as subject_id,
    printf(
        'site %s has %.6g %s of %s operational on %s (%s), more than the %.6g %s (%s)',
        ready.site_id, ready.face_amount, ready.unit, ready.measure, ready.on_date, ready.milestone_id,
        wider.face_amount, replace(wider.stage, '_', ' '), wider.milestone_id
    ) as detail,
from newest_milestone as ready
inner join newest_milestone as wider using (site_id, on_date, measure)
where
    ready.stage = 'operational'
    and wider.stage in ('under_construction', 'planned')
    and ready.chip_id is not distinct from wider.chip_id
    and ready.known_on <= wider.known_on
    and ready.face_amount > wider.face_amount * (1 + 1e-9);
comment on view audit_operational_before_construction is 'Sites operational before construction or beyond it; one row per site and measure, or per milestone and milestone that it exceeds';
