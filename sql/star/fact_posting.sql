-- The ledger as entries that sum to zero. One row per entry, account and measure.
create or replace view fact_posting as
select *
from posting;
comment on view fact_posting is 'Pledges, milestones and claims as entries that sum to zero; one row per entry, account and measure';
