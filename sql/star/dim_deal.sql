-- Deals; is_counted: the deal counts for its programme, others lie inside one that does. One row per deal.
create or replace view dim_deal as
select
    deal.*,
    top_deal.deal_id is not null as is_counted,
from deal
left join top_deal using (deal_id);
comment on view dim_deal is 'Deals, and whether they count for their programme; one row per deal';
