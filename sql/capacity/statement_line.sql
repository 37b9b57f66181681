-- Statements of capacity as lines to be converted, see statement_spread. One row per statement of a measure that is capacity.
create or replace view statement_line as
select *
from statement_spread
where physical_rank is not null;
comment on view statement_line is 'Statements of capacity as lines to be converted: face amount, spread and rating path; one row per statement';
