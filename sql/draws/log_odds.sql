-- The logarithm of the odds of a share [1].
create or replace macro log_odds(share) as ln(share / (1 - share));
comment on macro log_odds is 'Logarithm of the odds of a share [1]';
