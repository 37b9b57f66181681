-- Which site is claimed most often over: by programmes that together claim more than is there? [MW of IT power, mean]
-- The account unclaimed of a site is what is claimed less what is built or planned there: above zero it is claimed twice.
select
    site.site_id,
    site.name,
    site.state,
    coalesce(-sum(posting.amount_mean) filter (posting.entry_kind = 'milestone'), 0) as built_or_planned_mw_mean,
    coalesce(sum(posting.amount_mean) filter (posting.entry_kind = 'claim'), 0) as claimed_mw_mean,
    claimed_mw_mean - built_or_planned_mw_mean as claimed_beyond_mw_mean,
    string_agg(distinct posting.programme_id, ', ' order by posting.programme_id) as programmes,
from posting
inner join site using (site_id)
where posting.account = 'unclaimed' and posting.measure = 'it_power'
group by site.site_id, site.name, site.state
having claimed_beyond_mw_mean > 1e-6
order by claimed_beyond_mw_mean desc;
