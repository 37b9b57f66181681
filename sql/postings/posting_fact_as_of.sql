-- The facts on which each entry of the postings rests at a date: the statement of a pledge, the milestones in force of a stage of
-- a site, and the newest claims of a programme on it. One row per entry and fact.
create or replace macro posting_fact_as_of(as_of) as table
with state as materialized (
    select *
    from milestone_as_of(as_of)
),

staged as (
    select distinct
        site_id,
        stage,
    from state
),

claimed as (
    select
        claim.*,
        deal.programme_id,
    from claim
    inner join deal using (deal_id)
    where claim.known_on <= as_of and deal.programme_id is not null and deal.status <> 'cancelled'
    qualify row_number() over (partition by claim.deal_id, claim.site_id order by claim.known_on desc, claim.claim_id) = 1
)

select
    concat('pledge.', line.deal_id) as entry_id,
    'statement' as fact_kind,
    line.line_id as fact_id,
    statement.source_id,
    line.known_on,
from deal_line_as_of(as_of) as line
inner join top_deal using (deal_id)
inner join statement on line.line_id = statement.statement_id
union all
select
    concat('milestone.', site_id, '.', stage) as entry_id,
    'milestone' as fact_kind,
    milestone_id as fact_id,
    source_id,
    known_on,
from state
union all
select
    concat('claim.', claimed.programme_id, '.', claimed.site_id, '.', staged.stage) as entry_id,
    'claim' as fact_kind,
    claimed.claim_id as fact_id,
    claimed.source_id,
    claimed.known_on,
from claimed
inner join staged using (site_id)
order by entry_id, fact_kind, fact_id;
comment on macro table posting_fact_as_of is 'Statements, milestones and claims on which the entries of the postings rest at a date; one row per entry and fact';
