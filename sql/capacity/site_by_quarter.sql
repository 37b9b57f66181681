-- The ramp of every site as known on the newest day of the ledger. One row per site, quarter and measure.
create or replace view site_by_quarter as
select *
from site_by_quarter_as_of((select as_of from newest_known_on));
comment on view site_by_quarter is 'Ramp of every site by quarter as known on the newest day of the ledger; one row per site, quarter and measure';
