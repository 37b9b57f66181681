-- The value of an assumption at one point of its distribution [unit of low, best and high].
-- low, best and high are the 5th, 50th and 95th percentile and are met exactly; each side of the median has its own
-- width (two pieces). z is a standard normal deviate, u its probability. No quantity here is negative.
create or replace macro spread_value(low, best, high, distribution, z, u) as
    case
        when distribution = 'fixed' or low = high then best
        when distribution = 'normal' then greatest(
            0, best + if(z < 0, best - low, high - best) * z / normal_p95()
        )
        when distribution = 'uniform' then greatest(
            0, best + if(u < 0.5, best - low, high - best) * (u - 0.5) / 0.45
        )
        when distribution = 'logit' then 1 / (1 + exp(-(
            ln(best / (1 - best))
            + if(
                z < 0,
                ln(best / (1 - best)) - ln(low / (1 - low)),
                ln(high / (1 - high)) - ln(best / (1 - best))
            ) * z / normal_p95()
        )))
        else best * exp(if(z < 0, ln(best / low), ln(high / best)) * z / normal_p95())
    end;
comment on macro spread_value is 'Value of an assumption at a point of its distribution; low, best and high are its 5th, 50th and 95th percentile [unit of the assumption]';
