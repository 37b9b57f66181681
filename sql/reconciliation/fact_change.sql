-- The facts that became known after one day and by a later one: what each says, what it replaces, and the sources of both.
-- revised_fact: a newer version of a statement (deal, measure), a claim (deal, site) or a milestone (site, date, stage, measure and
-- chip), or a milestone of the same level at another date; else new_fact. Amounts are face values [unit of the measure], of a
-- claim its share [1]. One row per statement, claim or milestone that became known.
create or replace macro fact_change(from_date, to_date) as table
with fact as (
    select
        statement_id as fact_id,
        'statement' as fact_kind,
        deal_id,
        null as site_id,
        null as stage,
        null::date as on_date,
        measure,
        null as chip_id,
        stated_amount(qualifier, amount_low, amount_best, amount_high) as amount,
        unit,
        known_on,
        source_id,
        concat('statement.', deal_id, '.', measure) as version_of,
    from statement
    where known_on <= to_date
    union all
    select
        claim_id as fact_id,
        'claim' as fact_kind,
        deal_id,
        site_id,
        null as stage,
        null as on_date,
        null as measure,
        null as chip_id,
        share_best as amount,
        '1' as unit,
        known_on,
        source_id,
        concat('claim.', deal_id, '.', site_id) as version_of,
    from claim
    where known_on <= to_date
    union all
    select
        milestone_id as fact_id,
        'milestone' as fact_kind,
        null as deal_id,
        site_id,
        stage,
        on_date,
        measure,
        chip_id,
        stated_amount('exact', amount_low, amount_best, amount_high) as amount,
        unit,
        known_on,
        source_id,
        concat_ws('.', 'milestone', site_id, on_date, stage, measure, chip_id) as version_of,
    from milestone
    where known_on <= to_date
),

slip as (
    select
        milestone_id as fact_id,
        old_milestone_id as old_fact_id,
    from milestone_slip_as_of(to_date)
    where old_known_on <= from_date
),

version as (
    select
        new.fact_id,
        max_by(old.fact_id, concat(old.known_on, old.fact_id)) as old_fact_id,
    from fact as new
    inner join fact as old on new.version_of = old.version_of
    where new.known_on > from_date and old.known_on <= from_date
    group by new.fact_id
)

select
    new.* exclude (version_of),
    case when old.fact_id is null then 'new_fact' else 'revised_fact' end as change_kind,
    old.fact_id as old_fact_id,
    old.on_date as old_on_date,
    old.amount as old_amount,
    old.known_on as old_known_on,
    old.source_id as old_source_id,
from fact as new
left join version using (fact_id)
left join slip on new.fact_id = slip.fact_id
left join fact as old on coalesce(version.old_fact_id, slip.old_fact_id) = old.fact_id and new.fact_kind = old.fact_kind
where new.known_on > from_date
order by new.known_on, new.fact_kind, new.fact_id;
comment on macro table fact_change is 'Facts that became known after one day and by a later one, with what they replace and both sources; one row per fact';
