-- The sum of amounts, null when any of them is unknown or none is there (unknown is never 0).
create or replace macro whole_sum(amount) as case when count(amount) = count(*) and count(*) > 0 then sum(amount) end;
comment on macro whole_sum is 'Sum of amounts; null when any of them is unknown [unit of the amount]';
