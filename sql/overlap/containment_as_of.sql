-- What lies in what at a date: deals in deals (part_of), deals at sites (claims), and deals that share a site, with the evidence.
-- relation of a deal in a deal of its own layer: part_of; else what the part does for the whole: chips_for, site_for, cloud_for,
-- build_for, capacity_for, power_for; equity and debt: funds; guarantee: backs. Of a deal at a site: stands_at, with the share of
-- the site. Of two deals at one site, neither inside the other: shares_site, with the smaller share.
-- Of a deal that another one tells as well, in part: included_in, with the share of the part. A deal without a statement is known
-- from its announcement. One row per part, whole, relation and site.
create or replace macro containment_as_of(as_of) as table
with newest as (
    select
        deal_id,
        source_id,
        known_on,
    from statement
    where known_on <= as_of
    qualify row_number() over (partition by deal_id order by known_on desc, statement_id) = 1
),

dated as (
    select
        deal.deal_id,
        coalesce(min(statement.known_on), any_value(deal.announced_on)) as known_on,
    from deal
    left join statement on deal.deal_id = statement.deal_id
    group by deal.deal_id
),

held as (
    select *
    from claim
    where known_on <= as_of
    qualify row_number() over (partition by deal_id, site_id order by known_on desc, claim_id) = 1
),

shared as (
    select *
    from shared_site_as_of(as_of)
)

select
    part.deal_id as part_id,
    'deal' as part_kind,
    whole.deal_id as whole_id,
    'deal' as whole_kind,
    case
        when part.layer = whole.layer then 'part_of'
        when part.layer in ('equity', 'debt') then 'funds'
        when part.layer = 'guarantee' then 'backs'
        else concat(part.layer, '_for')
    end as relation,
    null::varchar as site_id,
    null::double as share_best,
    part.note as evidence,
    newest.source_id,
    coalesce(newest.known_on, dated.known_on) as known_on,
from deal as part
inner join deal as whole on part.part_of = whole.deal_id
inner join dated on part.deal_id = dated.deal_id
left join newest on part.deal_id = newest.deal_id
where dated.known_on <= as_of
union all
select
    deal_id as part_id,
    'deal' as part_kind,
    site_id as whole_id,
    'site' as whole_kind,
    'stands_at' as relation,
    site_id,
    share_best,
    evidence,
    source_id,
    known_on,
from held
union all
select
    part_id,
    'deal' as part_kind,
    whole_id,
    'deal' as whole_kind,
    'included_in' as relation,
    null as site_id,
    share_best,
    evidence,
    source_id,
    known_on,
from inclusion
where known_on <= as_of
qualify row_number() over (partition by part_id, whole_id order by known_on desc, inclusion_id) = 1
union all
select
    shared.deal_id as part_id,
    'deal' as part_kind,
    other.deal_id as whole_id,
    'deal' as whole_kind,
    'shares_site' as relation,
    shared.site_id,
    least(shared.share_best, other.share_best) as share_best,
    null as evidence,
    null as source_id,
    null as known_on,
from shared
inner join shared as other using (site_id)
anti join deal_ancestor as above on shared.deal_id = above.deal_id and other.deal_id = above.ancestor_id
anti join deal_ancestor as below on shared.deal_id = below.ancestor_id and other.deal_id = below.deal_id
where shared.deal_id < other.deal_id
order by all;
comment on macro table containment_as_of is 'What lies in what at a date: deals in deals, deals at sites, deals that share a site; one row per part, whole, relation and site';
