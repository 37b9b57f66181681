-- The measures that amounts are converted into, those asked for or all. One row per measure.
create or replace macro target_measure(measures) as table
select measure
from measure
where kind in ('physical', 'money', 'flow') and (measures is null or list_contains(measures, measure));
comment on macro table target_measure is 'Measures that amounts are converted into, those asked for or all; one row per measure';
