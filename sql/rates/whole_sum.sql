-- The sum of amounts, null when any of them is unknown or none is there (unknown is never 0).
create or replace macro whole_sum(amount) as if(count(amount) = count(*) and count(*) > 0, sum(amount), null);
comment on macro whole_sum is 'Sum of amounts; null when any of them is unknown [unit of the amount]';
