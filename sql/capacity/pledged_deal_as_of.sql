-- The deals by which programmes had pledged at the end of each quarter, of those reckoned at a date: the deals announced by then,
-- without those inside another announced deal of the programme. pledge_id is a hash, the same for equal deals.
-- One row per programme and quarter.
create or replace macro pledged_deal_as_of(as_of) as table
with counted as (
    select
        deal.programme_id,
        deal.deal_id,
        deal.announced_on,
        coalesce(min(whole.announced_on), '9999-12-31'::date) as until_date,
    from deal
    left join deal_ancestor using (deal_id)
    left join deal as whole on deal_ancestor.ancestor_id = whole.deal_id and deal.programme_id = whole.programme_id
    where deal.programme_id is not null
    group by deal.programme_id, deal.deal_id, deal.announced_on
)

select
    counted.programme_id,
    quarter.quarter_end,
    list(counted.deal_id order by counted.deal_id) as deal_ids,
    md5_number_lower(array_to_string(deal_ids, ';')) as pledge_id,
from counted
inner join quarter_as_of(as_of) as quarter
    on counted.announced_on <= quarter.quarter_end and counted.until_date > quarter.quarter_end
where counted.deal_id in (select deal_id from deal_line_as_of(as_of))
group by counted.programme_id, quarter.quarter_end;
comment on macro table pledged_deal_as_of is 'Deals by which programmes had pledged at the end of each quarter; one row per programme and quarter';
