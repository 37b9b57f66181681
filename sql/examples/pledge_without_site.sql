-- Which pledges have no site yet, or sites for a part only, and how much is left? [MW of IT power, mean and 5 % to 95 %]
select
    programme_id,
    name,
    pledged_mean as pledged_mw_mean,
    unidentified_mean as unidentified_mw_mean,
    unidentified_p05 as unidentified_mw_p05,
    unidentified_p95 as unidentified_mw_p95,
    unidentified_mean / pledged_mean as unidentified_share,
from reconciliation
where measure = 'it_power' and reason = 'unsited'
order by unidentified_mean desc;
