-- The chips or mixes and delivery years by which programmes are reckoned at a date: those of their top deals and claimed sites.
-- One row per chip or mix and delivery year.
create or replace macro programme_pair_as_of(as_of) as table
select
    deal_year.chip_id,
    deal_year.year,
from top_deal
inner join deal_year using (deal_id)
union
select
    line.chip_id,
    line.year,
from site_line_as_of(as_of) as line
where line.site_id in (select site_id from claim);
comment on macro table programme_pair_as_of is 'Chips or mixes and delivery years by which programmes are reckoned at a date; one row per chip or mix and year';
