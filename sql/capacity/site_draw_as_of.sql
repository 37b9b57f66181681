-- Sites by stage at a date, draw by draw: what is operational, what is under construction beyond it, what is planned beyond both.
-- Milestones are cumulative, so a stage counts only the share of it that exceeds the stages before. That share is taken in the
-- measure in which the stage is stated, since chips of different years convert differently: 300 MW that were planned and are
-- now under construction leave nothing planned, in megawatts as in H100e.
-- measures, sites: those asked for, null for all. One row per site, measure and draw.
create or replace macro site_draw_as_of(as_of, measures := null, sites := null) as table
with stage as materialized (
    select
        site_id,
        measure,
        draw,
        max(amount) filter (stage = 'operational') as operational,
        max(amount) filter (stage = 'under_construction') as started,
        max(amount) filter (stage = 'planned') as planned_in_all,
        any_value(stated_measure) filter (stage = 'under_construction') as started_measure,
        any_value(stated_measure) filter (stage = 'planned') as planned_measure,
        coalesce(share_beyond(started, operational), 1) as started_share,
        coalesce(share_beyond(planned_in_all, greatest(operational, started)), 1) as planned_share,
        count(*) = count(amount) as is_known,
    from site_reach_as_of(as_of, measures, sites)
    group by site_id, measure, draw
)

select
    stage.site_id,
    stage.measure,
    stage.draw,
    case when stage.is_known then coalesce(stage.operational, 0) end as operational,
    case when stage.is_known then coalesce(stage.started * started.started_share, 0) end as under_construction,
    case when stage.is_known then coalesce(stage.planned_in_all * planned.planned_share, 0) end as planned,
from stage
left join stage as started
    on
        stage.site_id = started.site_id
        and stage.started_measure = started.measure
        and stage.draw = started.draw
left join stage as planned
    on
        stage.site_id = planned.site_id
        and stage.planned_measure = planned.measure
        and stage.draw = planned.draw
where stage.measure in (select measure from target_measure(measures));
comment on macro table site_draw_as_of is 'Operational, under construction and planned capacity of sites at a date, draw by draw; one row per site, measure and draw';
