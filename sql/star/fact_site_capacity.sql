-- Sites by stage on the newest day, in every measure. One row per site and measure.
create or replace view fact_site_capacity as
select * exclude (name, state, country)
from site_capacity;
comment on view fact_site_capacity is 'Sites by stage on the newest day with intervals; one row per site and measure';
