-- Deals at a date in every measure, draw by draw, each reckoned by its most physical statement.
-- One row per deal, measure and draw.
create or replace macro deal_draw_as_of(as_of) as table
with reckoned as (
    select * exclude (kind, line_id, stage, on_date, measure, physical_rank, chip_id, year, contract_years, amount)
    from line_draw_as_of(as_of, 'deal', true)
)

select
    owner_id as deal_id,
    measure,
    draw,
    amount,
from reckoned
unpivot include nulls (
    amount for measure in (columns(* exclude (owner_id, draw)))
);
comment on macro table deal_draw_as_of is 'Deals at a date in every measure, draw by draw; one row per deal, measure and draw';
