-- Sites with their coordinates [degree] and the names of operator and owner. One row per site.
create or replace view dim_site as
select
    site.site_id,
    site.name,
    site.state,
    site.country,
    site.latitude,
    site.longitude,
    site.operator_id,
    operator.name as operator_name,
    site.owner_id,
    owner.name as owner_name,
    site.note,
from site
left join organization as operator on site.operator_id = operator.organization_id
left join organization as owner on site.owner_id = owner.organization_id;
comment on view dim_site is 'Sites with coordinates, operator and owner; one row per site';
