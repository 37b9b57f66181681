-- The one fact table at a date: what was pledged, built and claimed as entries that sum to zero in every measure.
-- pledge: `unidentified` +P, `pledged` -P. milestone (site and stage): the account of the stage +x, `unclaimed` -x.
-- claim (programme, site and stage): `unclaimed` +y, `unidentified` -y. So `unidentified` of a programme is the mean of its
-- remainder, and `unclaimed` of a site the negative of what is built or planned there and unclaimed. Means over draws, since
-- means add; what is zero or unknown posts nothing. measures: those asked for, null for all.
-- One row per entry, account and measure.
create or replace macro posting_as_of(as_of, measures := null) as table
with pledge as (
    select
        concat('pledge.', top_deal.deal_id) as entry_id,
        'pledge' as entry_kind,
        line.known_on as posted_on,
        top_deal.programme_id,
        top_deal.deal_id,
        null::varchar as site_id,
        null::varchar as stage,
        pledged.measure,
        'unidentified' as debit,
        'pledged' as credit,
        pledged.amount_mean as amount,
    from deal_interval_as_of(
        as_of,
        measures := measures,
        deals := (select list(deal_id) from top_deal)
    ) as pledged
    inner join top_deal using (deal_id)
    inner join deal_line_as_of(as_of) as line using (deal_id)
),

stage_known as (
    select
        site_id,
        stage,
        max(known_on) as known_on,
    from milestone_as_of(as_of)
    group by site_id, stage
),

stage_state as (
    select *
    from stage_mean_as_of(as_of, measures := measures)
),

stage_mean as materialized (
    select *
    from (unpivot stage_state on operational, under_construction, planned into name stage value amount)
),

built as (
    select
        concat('milestone.', stage_mean.site_id, '.', stage_mean.stage) as entry_id,
        'milestone' as entry_kind,
        stage_known.known_on as posted_on,
        null as programme_id,
        null as deal_id,
        stage_mean.site_id,
        stage_mean.stage,
        stage_mean.measure,
        stage_mean.stage as debit,
        'unclaimed' as credit,
        stage_mean.amount,
    from stage_mean
    inner join stage_known using (site_id, stage)
    where stage_mean.programme_id is null
),

claim_known as (
    select
        deal.programme_id,
        claim.site_id,
        max(claim.known_on) as known_on,
        case when count(distinct claim.deal_id) = 1 then any_value(claim.deal_id) end as deal_id,
    from claim
    inner join deal using (deal_id)
    where claim.known_on <= as_of and deal.status <> 'cancelled'
    group by deal.programme_id, claim.site_id
),

claimed as (
    select
        concat('claim.', stage_mean.programme_id, '.', stage_mean.site_id, '.', stage_mean.stage) as entry_id,
        'claim' as entry_kind,
        greatest(claim_known.known_on, stage_known.known_on) as posted_on,
        stage_mean.programme_id,
        claim_known.deal_id,
        stage_mean.site_id,
        stage_mean.stage,
        stage_mean.measure,
        'unclaimed' as debit,
        'unidentified' as credit,
        stage_mean.amount,
    from stage_mean
    inner join claim_known using (programme_id, site_id)
    inner join stage_known using (site_id, stage)
),

entry as (
    select *
    from pledge
    union all
    select *
    from built
    union all
    select *
    from claimed
)

select
    entry.entry_id,
    entry.entry_kind,
    entry.posted_on,
    unnest([entry.debit, entry.credit]) as account,
    entry.programme_id,
    entry.deal_id,
    entry.site_id,
    entry.stage,
    entry.measure,
    measure.unit,
    unnest([entry.amount, -entry.amount]) as amount_mean,
from entry
inner join measure using (measure)
where entry.amount <> 0
order by entry.entry_id, entry.measure, account;
comment on macro table posting_as_of is 'Pledges, milestones and claims at a date as entries that sum to zero; one row per entry, account and measure';
