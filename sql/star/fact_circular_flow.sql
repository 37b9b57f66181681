-- Money that goes between two organisations, and back. One row per ordered pair.
create or replace view fact_circular_flow as
select *
from circular_flow;
comment on view fact_circular_flow is 'Money that a party invested in a counterparty and that comes back as purchases; one row per ordered pair';
