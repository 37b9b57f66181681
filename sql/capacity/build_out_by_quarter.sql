-- The ramp of every programme as known on the newest day of the ledger. One row per programme, quarter and measure.
create or replace view build_out_by_quarter as
select *
from build_out_by_quarter_as_of((select as_of from newest_known_on));
comment on view build_out_by_quarter is 'Ramp of every programme by quarter as known on the newest day of the ledger; one row per programme, quarter and measure';
