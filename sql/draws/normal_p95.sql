-- The 95th percentile of the standard normal distribution [1].
create or replace macro normal_p95() as 1.6448536269514722;
comment on macro normal_p95 is '95th percentile of the standard normal distribution [1]';
