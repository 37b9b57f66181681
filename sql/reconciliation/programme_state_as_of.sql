-- What the sites of each state contribute to each programme at a date, with intervals. measures: those asked for, null for all.
-- One row per programme, state and measure.
create or replace macro programme_state_as_of(as_of, measures := null) as table
with by_draw as (
    select
        contribution.programme_id,
        site.country,
        site.state,
        contribution.measure,
        contribution.draw,
        whole_sum(contribution.operational) as operational,
        whole_sum(contribution.under_construction) as under_construction,
        whole_sum(contribution.planned) as planned,
    from programme_site_draw_as_of(as_of, measures := measures) as contribution
    inner join site using (site_id)
    where measures is null or list_contains(measures, contribution.measure)
    group by contribution.programme_id, site.country, site.state, contribution.measure, contribution.draw
),

summary as (
    select
        programme_id,
        country,
        state,
        measure,
        avg(operational) as operational_mean,
        quantile_cont(operational, [0.05, 0.50, 0.95]) as operational_points,
        avg(under_construction) as under_construction_mean,
        quantile_cont(under_construction, [0.05, 0.50, 0.95]) as under_construction_points,
        avg(planned) as planned_mean,
        quantile_cont(planned, [0.05, 0.50, 0.95]) as planned_points,
    from by_draw
    group by programme_id, country, state, measure
)

select
    summary.programme_id,
    summary.state,
    summary.country,
    summary.measure,
    measure.unit,
    operational_mean,
    operational_points[1] as operational_p05,
    operational_points[2] as operational_p50,
    operational_points[3] as operational_p95,
    under_construction_mean,
    under_construction_points[1] as under_construction_p05,
    under_construction_points[2] as under_construction_p50,
    under_construction_points[3] as under_construction_p95,
    planned_mean,
    planned_points[1] as planned_p05,
    planned_points[2] as planned_p50,
    planned_points[3] as planned_p95,
from summary
inner join measure on summary.measure = measure.measure
order by summary.programme_id, summary.country, summary.state, summary.measure;
comment on macro table programme_state_as_of is 'Contribution of each state to each programme at a date with intervals; one row per programme, state and measure';
