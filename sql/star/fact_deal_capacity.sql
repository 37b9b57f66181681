-- Deals in every measure on the newest day. One row per deal and measure.
create or replace view fact_deal_capacity as
select * exclude (title, programme_id, layer, status)
from deal_capacity;
comment on view fact_deal_capacity is 'Deals in every measure on the newest day with intervals; one row per deal and measure';
