-- The ramp of every programme by quarter, with what it had pledged by then. One row per programme, quarter and measure.
create or replace view fact_programme_by_quarter as
select *
from build_out_by_quarter;
comment on view fact_programme_by_quarter is 'Ramp and pledge of programmes by quarter with intervals; one row per programme, quarter and measure';
