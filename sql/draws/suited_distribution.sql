-- The shape of an assumption whose percentiles are set anew: one that they do not suit gives way to one that does.
create or replace macro suited_distribution(distribution, low, high) as
    case
        when low = high then 'fixed'
        when distribution = 'fixed' then 'uniform'
        when distribution = 'logit' and (low <= 0 or high >= 1) then 'uniform'
        when coalesce(distribution, 'lognormal') = 'lognormal' and low <= 0 then 'uniform'
        else distribution
    end;
comment on macro suited_distribution is 'Shape of an assumption whose percentiles are set anew; one of fixed, uniform, normal, lognormal, logit';
