-- Statements in their newest version, with their face value and the least and most that they say.
-- face_amount: the ceiling of an up_to, the floor of an at_least, else the best figure, else the middle of the range; about is
-- read with the spread of about_factor. One row per deal and measure.
create or replace view newest_statement as
with slack as (
    select
        min(low) as low,
        max(high) as high,
    from assumption_row
    where parameter = 'about_factor'
)

select
    statement.*,
    stated_amount(statement.qualifier, amount_low, amount_best, amount_high) as face_amount,
    least(
        face_amount * case when statement.qualifier = 'about' then coalesce(slack.low, 1) else 1 end, amount_low
    ) as least_amount,
    greatest(
        face_amount * case when statement.qualifier = 'about' then coalesce(slack.high, 1) else 1 end, amount_high
    ) as most_amount,
from statement
cross join slack
qualify row_number() over (partition by deal_id, measure order by known_on desc, statement_id) = 1;
comment on view newest_statement is 'Statements in their newest version with their face value; one row per deal and measure';
