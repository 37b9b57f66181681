-- The draws of an assumption that is set anew, as `assumption_draw_formula` would make them: aligned with all others, since
-- `set_stream` keeps the strata of its stream in their order.
-- $1 assumption_id; $2 low, $3 best, $4 high; $5 distribution; $6 minimum and $7 maximum of its parameter. One row.
select
    list(
        greatest($6, least($7, spread_value($2, $3, $4, suited_distribution($5, $2, $4), z, u)))
        order by place
    ) as draws,
from set_stream
where assumption_id = $1
