-- On which sources does the reconciliation of a programme rest? Its statements, the milestones of its sites, its claims.
with fact as (
    select
        'statement' as kind,
        statement.statement_id as fact_id,
        statement.source_id,
        statement.locator,
        statement.known_on,
    from statement
    inner join deal using (deal_id)
    where deal.programme_id = 'anthropic-50b-texas-new-york'
    union all
    select
        'milestone' as kind,
        milestone.milestone_id as fact_id,
        milestone.source_id,
        milestone.locator,
        milestone.known_on,
    from milestone
    where
        milestone.site_id in (
            select claim.site_id
            from claim
            inner join deal using (deal_id)
            where deal.programme_id = 'anthropic-50b-texas-new-york'
        )
    union all
    select
        'claim' as kind,
        claim.claim_id as fact_id,
        claim.source_id,
        claim.evidence as locator,
        claim.known_on,
    from claim
    inner join deal using (deal_id)
    where deal.programme_id = 'anthropic-50b-texas-new-york'
)

select
    source.source_id,
    source.title,
    source.publisher,
    source.url,
    count(*) as fact_count,
    max(fact.known_on) as newest_known_on,
    string_agg(distinct fact.kind, ', ' order by fact.kind) as kinds,
from fact
inner join source using (source_id)
group by source.source_id, source.title, source.publisher, source.url
order by fact_count desc, source.source_id;
