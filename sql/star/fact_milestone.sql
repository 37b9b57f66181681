-- What sources state of sites. One row per milestone.
create or replace view fact_milestone as
select *
from milestone;
comment on view fact_milestone is 'What sources state of sites; one row per milestone';
