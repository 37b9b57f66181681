-- The distribution of an amount within the interval that a source states [text]: log-normal, uniform where it may be 0.
create or replace macro spread_shape(amount_low) as case when amount_low > 0 then 'lognormal' else 'uniform' end;
comment on macro spread_shape is 'Distribution of an amount within the interval that a source states [text]';
