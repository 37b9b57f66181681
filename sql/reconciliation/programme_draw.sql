-- The accounts of programmes as known on the newest day of the ledger, draw by draw, in it_power, chips, compute and total_capex.
-- Sum over programmes within each draw and take percentiles last. One row per programme, measure and draw.
create or replace view programme_draw as
select *
from
    reconciliation_draw_as_of(
        (select as_of from newest_known_on),
        measures := ['it_power', 'chips', 'compute', 'total_capex']
    )
order by programme_id, measure, draw;
comment on view programme_draw is 'Accounts of programmes as known on the newest day of the ledger, draw by draw, to be summed within each draw; one row per programme, measure and draw';
