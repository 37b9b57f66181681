-- Organisations that buy, sell, build, own or benefit. One row per organisation.
create or replace view dim_organization as
select *
from organization;
comment on view dim_organization is 'Organisations that buy, sell, build, own or benefit; one row per organisation';
