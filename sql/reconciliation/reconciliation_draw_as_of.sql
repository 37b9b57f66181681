-- The identity of a programme at a date, draw by draw:
-- pledged = operational + under_construction + planned + unidentified.
-- One row per programme, measure and draw; a programme without a statement of capacity has no row.
create or replace macro reconciliation_draw_as_of(as_of) as table
with pledge as (
    select
        top_deal.programme_id,
        deal_draw.measure,
        deal_draw.draw,
        whole_sum(deal_draw.amount) as pledged,
    from deal_draw_as_of(as_of) as deal_draw
    inner join top_deal using (deal_id)
    group by top_deal.programme_id, deal_draw.measure, deal_draw.draw
),

identified as (
    select
        programme_id,
        measure,
        draw,
        whole_sum(operational) as operational,
        whole_sum(under_construction) as under_construction,
        whole_sum(planned) as planned,
    from programme_site_draw_as_of(as_of)
    group by programme_id, measure, draw
)

select
    pledge.programme_id,
    pledge.measure,
    pledge.draw,
    pledge.pledged,
    if(identified.draw is null, 0, identified.operational) as operational,
    if(identified.draw is null, 0, identified.under_construction) as under_construction,
    if(identified.draw is null, 0, identified.planned) as planned,
    pledge.pledged - if(
        identified.draw is null, 0, identified.operational + identified.under_construction + identified.planned
    ) as unidentified,
from pledge
left join identified using (programme_id, measure, draw);
comment on macro table reconciliation_draw_as_of is 'Pledged, operational, under construction, planned and unidentified capacity of programmes at a date, draw by draw';
