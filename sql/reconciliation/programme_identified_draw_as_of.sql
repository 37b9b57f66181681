-- What is identified for programmes at a date, draw by draw: the sum over their sites, unknown where that of one of them is.
-- measures: those asked for, null for all. One row per programme with a site, measure and draw.
create or replace macro programme_identified_draw_as_of(as_of, measures := null) as table
select
    programme_id,
    measure,
    draw,
    whole_sum(operational) as operational,
    whole_sum(under_construction) as under_construction,
    whole_sum(planned) as planned,
from programme_site_draw_as_of(as_of, measures := measures)
group by programme_id, measure, draw;
comment on macro table programme_identified_draw_as_of is 'What is identified for programmes at a date, draw by draw; one row per programme with a site, measure and draw';
