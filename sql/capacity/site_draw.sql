-- The stages of sites as known on the newest day of the ledger, draw by draw, in it_power, chips, compute and total_capex.
-- Sum over sites within each draw and take percentiles last: that gives the right interval of any total.
-- One row per site, measure and draw.
create or replace view site_draw as
select *
from
    site_draw_as_of(
        (select as_of from newest_known_on),
        measures := ['it_power', 'chips', 'compute', 'total_capex']
    )
order by site_id, measure, draw;
comment on view site_draw is 'Stages of sites as known on the newest day of the ledger, draw by draw, to be summed within each draw; one row per site, measure and draw';
