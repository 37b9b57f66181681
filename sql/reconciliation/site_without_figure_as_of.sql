-- Claimed sites for which no capacity is known at a date. One row per programme with such sites.
create or replace macro site_without_figure_as_of(as_of) as table
select
    deal.programme_id,
    count(distinct claim.site_id) as site_count,
from claim
inner join deal using (deal_id)
where
    claim.known_on <= as_of
    and deal.programme_id is not null
    and deal.status <> 'cancelled'
    and claim.site_id not in (
        select site_id
        from milestone
        where stage = 'cancelled' and known_on <= as_of and on_date <= as_of
    )
    and claim.site_id not in (select site_id from site_line_as_of(as_of))
group by deal.programme_id;
comment on macro table site_without_figure_as_of is 'Number of claimed sites for which no capacity is known at a date; one row per programme that has any';
