-- Which sites serve which programme, who runs them, and with how much IT power? [MW, mean]
select
    programme.name as programme,
    site.name as site,
    site.state,
    organization.name as operator,
    coalesce(sum(posting.amount_mean) filter (posting.stage = 'operational'), 0) as operational_mw_mean,
    coalesce(sum(posting.amount_mean) filter (posting.stage = 'under_construction'), 0) as under_construction_mw_mean,
    coalesce(sum(posting.amount_mean) filter (posting.stage = 'planned'), 0) as planned_mw_mean,
from posting
inner join programme using (programme_id)
inner join site using (site_id)
left join organization on site.operator_id = organization.organization_id
where posting.entry_kind = 'claim' and posting.account = 'unclaimed' and posting.measure = 'it_power'
group by programme.programme_id, programme.name, site.site_id, site.name, site.state, organization.name
order by programme.programme_id, operational_mw_mean desc, site.site_id;
