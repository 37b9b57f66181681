-- The ramp of every site by quarter. Sites are counted once here, whoever claims them. One row per site, quarter and measure.
create or replace view fact_capacity_by_quarter as
select * exclude (state, country)
from site_by_quarter;
comment on view fact_capacity_by_quarter is 'Ramp of sites by quarter with intervals; one row per site, quarter and measure';
