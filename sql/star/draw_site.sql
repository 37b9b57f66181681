-- Sites by stage on the newest day, draw by draw: sum within each draw, then take percentiles. One row per site, measure and draw.
create or replace view draw_site as
select *
from site_draw;
comment on view draw_site is 'Sites by stage on the newest day, draw by draw, to be summed within each draw; one row per site, measure and draw';
