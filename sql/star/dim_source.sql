-- Sources that a reader can open. One row per source.
create or replace view dim_source as
select *
from source;
comment on view dim_source is 'Sources that a reader can open; one row per source';
