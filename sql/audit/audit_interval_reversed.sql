-- Intervals whose low, best and high are not in this order. One row per statement, milestone, claim, inclusion or row of assumption.
create or replace view audit_interval_reversed as
with stated as (
    select
        'statement' as kind,
        statement_id as subject_id,
        amount_low as low,
        amount_best as best,
        amount_high as high,
    from statement
    union all
    select
        'milestone' as kind,
        milestone_id as subject_id,
        amount_low as low,
        amount_best as best,
        amount_high as high,
    from milestone
    union all
    select
        'claim' as kind,
        claim_id as subject_id,
        share_low as low,
        share_best as best,
        share_high as high,
    from claim
    union all
    select
        'inclusion' as kind,
        inclusion_id as subject_id,
        share_low as low,
        share_best as best,
        share_high as high,
    from inclusion
    union all
    select
        'assumption' as kind,
        assumption_id as subject_id,
        low,
        best,
        high,
    from assumption
)

select
    subject_id,
    concat(
        kind, ' ', subject_id, ' has low ', coalesce(low::varchar, '-'), ', best ', coalesce(best::varchar, '-'),
        ', high ', coalesce(high::varchar, '-'), '; they must not fall'
    ) as detail,
from stated
where low > best or best > high or low > high;
comment on view audit_interval_reversed is 'Intervals whose low, best and high are not in this order; one row per statement, milestone, claim, inclusion or row of assumption';
