-- Measures with their units and how their amounts may be summed. One row per measure.
create or replace view dim_measure as
select *
from measure;
comment on view dim_measure is 'Measures with their units and how their amounts may be summed; one row per measure';
