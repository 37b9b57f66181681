-- The identity of a programme at a date, draw by draw:
-- pledged = operational + under_construction + planned + unidentified.
-- measures: those asked for, null for all. One row per programme, measure and draw; a programme without a statement of
-- capacity has none.
create or replace macro reconciliation_draw_as_of(as_of, measures := null) as table
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
from programme_pledge_draw_as_of(as_of, measures := measures) as pledge
left join programme_identified_draw_as_of(as_of, measures := measures) as identified
    on
        pledge.programme_id = identified.programme_id
        and pledge.measure = identified.measure
        and pledge.draw = identified.draw;
comment on macro table reconciliation_draw_as_of is 'Accounts of programmes at a date, draw by draw; one row per programme, measure and draw';
