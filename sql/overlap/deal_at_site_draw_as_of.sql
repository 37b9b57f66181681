-- How much of a deal stands at a site at a date, draw by draw: its share of what is operational, under construction and planned
-- there, at all its sites together at most the deal itself. A site without a figure is as large as the deals that claim it alone
-- say. Only for deals that share a site with another one. measures: those asked for, null for all.
-- One row per deal, site, measure and draw. site_amount: the whole site.
create or replace macro deal_at_site_draw_as_of(as_of, measures) as table
with shared as materialized (
    select distinct
        deal_id,
        site_id,
    from shared_top_as_of(as_of)
),

share as materialized (
    select *
    from deal_site_share_draw_as_of(as_of)
    where deal_id in (select deal_id from shared)
),

deal_amount as materialized (
    select *
    from deal_draw_as_of(as_of, measures := measures, deals := (select list(distinct deal_id) from shared))
),

site_count as (
    select
        deal_id,
        count(distinct site_id) as site_count,
    from share
    group by deal_id
),

stated as materialized (
    select
        site_id,
        measure,
        draw,
        operational + under_construction + planned as amount,
    from site_draw_as_of(as_of, measures := measures, sites := (select list(distinct site_id) from share))
),

told as (
    select
        share.site_id,
        deal_amount.measure,
        share.draw,
        max(deal_amount.amount / nullif(share.share, 0)) as amount,
    from share
    inner join site_count using (deal_id)
    inner join deal_amount using (deal_id, draw)
    where site_count.site_count = 1 and share.site_id not in (select site_id from stated)
    group by share.site_id, deal_amount.measure, share.draw
),

site_amount as (
    select *
    from stated
    union all
    select *
    from told
),

claimed as (
    select
        share.deal_id,
        share.site_id,
        site_amount.measure,
        share.draw,
        share.share * site_amount.amount as amount,
        site_amount.amount as site_amount,
        sum(share.share * site_amount.amount) over (partition by share.deal_id, site_amount.measure, share.draw) as deal_at_sites,
    from share
    inner join site_amount using (site_id, draw)
)

select
    claimed.deal_id,
    claimed.site_id,
    claimed.measure,
    claimed.draw,
    claimed.amount * least(1, deal_amount.amount / nullif(claimed.deal_at_sites, 0)) as amount,
    claimed.site_amount,
from claimed
inner join deal_amount using (deal_id, measure, draw)
semi join shared using (deal_id, site_id);
comment on macro table deal_at_site_draw_as_of is 'How much of a deal stands at a shared site at a date, draw by draw; one row per deal, site, measure and draw';
