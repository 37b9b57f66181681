-- Statements, milestones, claims and inclusions without a source. One row per fact.
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
where source_id is null
union all
select
    inclusion_id as subject_id,
    printf('inclusion %s of deal %s in %s has no source_id', inclusion_id, part_id, whole_id) as detail,
from inclusion
where source_id is null;
comment on view audit_statement_without_source is 'Statements, milestones, claims and inclusions without a source; one row per fact';
