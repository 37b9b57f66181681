-- How many chips of each designer do the pledges of all programmes come to? [chips, mean]
-- A deal without a named chip is taken as a mix of its year, whose chips go to their designers by share. Programmes overlap, so
-- this is gross.
with pledged as (
    select
        capacity.chip_id,
        rated_year(coalesce(capacity.year, year(deal.announced_on) + 1)) as year,
        capacity.amount_mean,
    from deal_capacity as capacity
    inner join top_deal using (deal_id)
    inner join deal using (deal_id)
    where capacity.measure = 'chips'
)

select
    organization.name as designer,
    sum(pledged.amount_mean * rated_member.share) as chip_count_mean,
from pledged
inner join rated_member using (chip_id, year)
inner join chip on rated_member.member_id = chip.chip_id
inner join organization on chip.designer_id = organization.organization_id
group by organization.name
order by chip_count_mean desc;
