-- Statements, milestones and claims without a source. One row per statement, milestone or claim.
create or replace view audit_statement_without_source as
select
    statement_id as subject_id,
    printf('statement %s of deal %s has no source_id', statement_id, deal_id) as detail,
from statement
where source_id is null
union all
select
    milestone_id as subject_id,
    printf('milestone %s of site %s has no source_id', milestone_id, site_id) as detail,
from milestone
where source_id is null
union all
select
    claim_id as subject_id,
    printf('claim %s of deal %s on site %s has no source_id', claim_id, deal_id, site_id) as detail,
from claim
where source_id is null;
comment on view audit_statement_without_source is 'Statements, milestones and claims without a source; one row per statement, milestone or claim';
