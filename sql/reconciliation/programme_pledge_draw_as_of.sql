-- What programmes have pledged at a date, draw by draw: the sum over their top deals, unknown where that of one of them is.
-- measures: those asked for, null for all. One row per programme, measure and draw; a programme without a statement of
-- capacity has none.
create or replace macro programme_pledge_draw_as_of(as_of, measures := null) as table
select
    top_deal.programme_id,
    deal_draw.measure,
    deal_draw.draw,
    whole_sum(deal_draw.amount) as pledged,
from deal_draw_as_of(
    as_of,
    measures := measures,
    deals := (select list(deal_id) from top_deal)
) as deal_draw
inner join top_deal using (deal_id)
group by top_deal.programme_id, deal_draw.measure, deal_draw.draw;
comment on macro table programme_pledge_draw_as_of is 'What programmes have pledged at a date, draw by draw; one row per programme, measure and draw';
