-- How much of what is announced for each party lies inside another announcement for it? [GW of IT power, mean]
select
    organization.name as beneficiary,
    overlap.gross_mean / 1e3 as gross_gw_mean,
    overlap.overlap_mean / 1e3 as overlap_gw_mean,
    overlap.counted_once_mean / 1e3 as counted_once_gw_mean,
    overlap.overlap_mean / overlap.gross_mean as overlap_share,
from overlap
inner join organization on overlap.scope_id = organization.organization_id
where overlap.scope_kind = 'beneficiary' and overlap.layer = 'all' and overlap.measure = 'it_power' and overlap.overlap_mean > 0
order by overlap_gw_mean desc;
