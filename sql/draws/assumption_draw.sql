-- The draws of every assumption, kept: run this file again after changing assumption, stratum or run.
create or replace table assumption_draw as
select *
from assumption_draw_formula
order by assumption_key;
comment on table assumption_draw is 'Aligned draws of every assumption as lists, kept; one row per row of assumption';
