-- The value of an assumption at one point of its distribution [unit of low, best and high].
-- low, best and high are the 5th, 50th and 95th percentile and are met exactly; each side of the median has its own
-- width (two pieces). z is a standard normal deviate, u its probability. No quantity here is negative.
create or replace macro spread_value(low, best, high, distribution, z, u) as
    case
        when distribution = 'fixed' or low = high then best
        when distribution = 'normal' then greatest(
            0, best + case when z < 0 then best - low else high - best end * z / normal_p95()
        )
        when distribution = 'uniform' then greatest(
            0, best + case when u < 0.5 then best - low else high - best end * (u - 0.5) / 0.45
        )
        when distribution = 'logit' then 1 / (1 + exp(-(
            log_odds(best)
            + case when z < 0 then log_odds(best) - log_odds(low) else log_odds(high) - log_odds(best) end
            * z / normal_p95()
        )))
        else best * exp(case when z < 0 then ln(best / low) else ln(high / best) end * z / normal_p95())
    end;
comment on macro spread_value is 'Value of an assumption at a point of its distribution; low, best and high are its 5th, 50th and 95th percentile [unit of the assumption]';
