-- What does a gigawatt cost by the words of each deal that states both dollars and power? [B USD/GW]
-- As stated: which dollars and which megawatts they are stands beside the ratio, and only like is to be compared with like.
-- A ceiling against a floor says nothing and is left out.
select
    deal.deal_id,
    deal.title,
    deal.layer,
    money.measure as dollars_of,
    power.measure as power_of,
    money.face_amount / 1e9 as face_amount_busd,
    power.face_amount / 1e3 as face_amount_gw,
    face_amount_busd / face_amount_gw as busd_per_gw,
from newest_statement as money
inner join newest_statement as power using (deal_id)
inner join deal using (deal_id)
where
    money.measure in ('total_capex', 'unstated_capex', 'site_capex', 'it_capex', 'chip_capex', 'lease_contract', 'cloud_contract')
    and power.measure in ('it_power', 'facility_power', 'utility_power', 'unstated_power')
    and not (money.qualifier = 'up_to' and power.qualifier = 'at_least')
    and not (money.qualifier = 'at_least' and power.qualifier = 'up_to')
    and deal.status <> 'cancelled'
order by money.measure, power.measure, busd_per_gw desc;
