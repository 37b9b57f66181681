-- Programmes on the newest day, draw by draw: sum within each draw, then take percentiles. One row per programme, measure and draw.
create or replace view draw_programme as
select *
from programme_draw;
comment on view draw_programme is 'Accounts of programmes on the newest day, draw by draw, to be summed within each draw; one row per programme, measure and draw';
