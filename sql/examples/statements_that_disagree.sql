-- Where do two figures of one deal or site not fit together, and what would have to be otherwise? [ratio]
select
    coalesce(deal_id, site_id) as about,
    measure_a,
    measure_b,
    ratio_p05,
    ratio_p50,
    ratio_p95,
    driver,
    driver_factor,
from tension
where not agrees
order by abs(ln(ratio_p50)) desc;
