-- The identity of a programme at a date, draw by draw:
-- pledged = operational + under_construction + planned + unidentified;
-- and what its sites and states contribute to it. level: programme, state or site (pledged and unidentified are those of the
-- programme only). measures: those asked for, null for all. One row per level, place, programme, measure and draw;
-- a programme without a statement of capacity has no row of level programme.
create or replace macro reconciliation_draw_as_of(as_of, measures := null) as table
with contribution as materialized (
    select
        contributed.*,
        site.country,
        site.state,
    from programme_site_draw_as_of(as_of, measures := measures) as contributed
    inner join site using (site_id)
),

by_state as (
    select
        programme_id,
        country,
        state,
        measure,
        draw,
        whole_sum(operational) as operational,
        whole_sum(under_construction) as under_construction,
        whole_sum(planned) as planned,
    from contribution
    group by programme_id, country, state, measure, draw
),

identified as (
    select
        programme_id,
        measure,
        draw,
        whole_sum(operational) as operational,
        whole_sum(under_construction) as under_construction,
        whole_sum(planned) as planned,
    from by_state
    group by programme_id, measure, draw
),

pledge as (
    select
        top_deal.programme_id,
        deal_draw.measure,
        deal_draw.draw,
        whole_sum(deal_draw.amount) as pledged,
    from deal_draw_as_of(
        as_of,
        measures := measures,
        deals := (select list(deal_id) from top_deal)
    ) as deal_draw
    inner join top_deal using (deal_id)
    group by top_deal.programme_id, deal_draw.measure, deal_draw.draw
)

select
    'site' as level,
    programme_id,
    country,
    state,
    site_id,
    measure,
    draw,
    null::double as pledged,
    operational,
    under_construction,
    planned,
    null::double as unidentified,
from contribution
union all
select
    'state' as level,
    programme_id,
    country,
    state,
    null as site_id,
    measure,
    draw,
    null as pledged,
    operational,
    under_construction,
    planned,
    null as unidentified,
from by_state
union all
select
    'programme' as level,
    pledge.programme_id,
    null as country,
    null as state,
    null as site_id,
    pledge.measure,
    pledge.draw,
    pledge.pledged,
    case when identified.draw is null then 0 else identified.operational end as operational,
    case when identified.draw is null then 0 else identified.under_construction end as under_construction,
    case when identified.draw is null then 0 else identified.planned end as planned,
    pledge.pledged - case
        when identified.draw is null then 0
        else identified.operational + identified.under_construction + identified.planned
    end as unidentified,
from pledge
left join identified using (programme_id, measure, draw);
comment on macro table reconciliation_draw_as_of is 'Accounts of programmes at a date and the contribution of their sites and states, draw by draw';
