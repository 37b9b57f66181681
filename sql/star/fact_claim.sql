-- How much of a site serves a deal. One row per claim.
create or replace view fact_claim as
select *
from claim;
comment on view fact_claim is 'How much of a site serves a deal; one row per claim';
