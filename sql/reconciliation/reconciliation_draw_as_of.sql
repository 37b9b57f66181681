-- The identity of a programme at a date, draw by draw:
-- pledged = operational + under_construction + planned + unidentified.
-- measures: those asked for, null for all. One row per programme, measure and draw; a programme without a statement of
-- capacity has none.
create or replace macro reconciliation_draw_as_of(as_of, measures := null) as table
with identified as (
    select
        programme_id,
        measure,
        draw,
        whole_sum(operational) as operational,
        whole_sum(under_construction) as under_construction,
        whole_sum(planned) as planned,
    from programme_site_draw_as_of(as_of, measures := measures)
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
    pledge.programme_id,
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
comment on macro table reconciliation_draw_as_of is 'Accounts of programmes at a date, draw by draw; one row per programme, measure and draw';
