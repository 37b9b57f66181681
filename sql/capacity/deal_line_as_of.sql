-- The statement by which each deal is reckoned at a date: the most physical one known, in its newest version.
-- Rumoured and cancelled deals are not reckoned. One row per deal.
create or replace macro deal_line_as_of(as_of) as table
with newest as (
    select *
    from statement_line
    where known_on <= as_of
    qualify row_number() over (partition by deal_id, measure order by known_on desc, line_id) = 1
)

select newest.*
from newest
inner join deal using (deal_id)
where deal.status not in ('rumoured', 'cancelled')
qualify row_number() over (partition by deal_id order by newest.physical_rank, newest.line_id) = 1;
comment on macro table deal_line_as_of is 'Statement by which each deal is reckoned at a date: the most physical one, newest version; one row per deal';
