-- Sources on which no row of any table rests. One row per source.
create or replace view audit_source_never_used as
with used as (
    select source_id
    from organization
    union all
    select source_id
    from chip
    union all
    select source_id
    from chip_mix
    union all
    select source_id
    from assumption
    union all
    select source_id
    from statement
    union all
    select source_id
    from milestone
    union all
    select source_id
    from claim
    union all
    select source_id
    from instance
    union all
    select source_id
    from consumption
    union all
    select source_id
    from inclusion
)

select
    source_id as subject_id,
    printf('no row of any table names the source %s (%s)', source_id, title) as detail,
from source
anti join used using (source_id);
comment on view audit_source_never_used is 'Sources on which no row of any table rests; one row per source';
