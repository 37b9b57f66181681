-- Programmes, each a pledge of one organisation. One row per programme.
create or replace view dim_programme as
select *
from programme;
comment on view dim_programme is 'Programmes that are reconciled; one row per programme';
