-- The means over draws of the stages of sites at a date, and of what programmes claim of them: claimed share x state of the site.
-- measures: those asked for, null for all. One row per site and measure (programme_id: null), and per programme, site and measure.
create or replace macro stage_mean_as_of(as_of, measures := null) as table
with site_state as materialized (
    select *
    from site_draw_as_of(as_of, measures := measures)
)

select
    null::varchar as programme_id,
    site_id,
    measure,
    avg(operational) as operational,
    avg(under_construction) as under_construction,
    avg(planned) as planned,
from site_state
group by site_id, measure
union all
select
    claimed.programme_id,
    site_id,
    site_state.measure,
    avg(claimed.share * site_state.operational) as operational,
    avg(claimed.share * site_state.under_construction) as under_construction,
    avg(claimed.share * site_state.planned) as planned,
from claim_draw_as_of(as_of) as claimed
inner join site_state using (site_id, draw)
group by claimed.programme_id, site_id, site_state.measure;
comment on macro table stage_mean_as_of is 'Means of the stages of sites at a date, and of what programmes claim of them; one row per site and measure, and per programme, site and measure';
