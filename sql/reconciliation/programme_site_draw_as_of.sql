-- What the sites of a programme contribute to it at a date, draw by draw: claimed share x state of the site.
-- measures: those asked for, null for all. One row per programme, site, measure and draw.
create or replace macro programme_site_draw_as_of(as_of, measures := null) as table
select
    claimed.programme_id,
    site_state.site_id,
    site_state.measure,
    site_state.draw,
    claimed.share * site_state.operational as operational,
    claimed.share * site_state.under_construction as under_construction,
    claimed.share * site_state.planned as planned,
from claim_draw_as_of(as_of) as claimed
inner join site_draw_as_of(
    as_of,
    measures := measures,
    sites := (
        select list(distinct site_id)
        from claim
        where known_on <= as_of
    )
) as site_state using (site_id, draw);
comment on macro table programme_site_draw_as_of is 'Contribution of sites to programmes at a date, draw by draw; one row per programme, site, measure and draw';
