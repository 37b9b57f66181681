-- The chips or mixes and delivery years by which all reckoned deals and all sites are rated at a date.
-- One row per chip or mix and delivery year.
create or replace macro reckoned_pair_as_of(as_of) as table
with reckoned as (
    select deal_id
    from deal_line_as_of(as_of)
)

select
    deal_year.chip_id,
    deal_year.year,
from deal_year
inner join reckoned using (deal_id)
union
select
    line.chip_id,
    line.year,
from site_line_as_of(as_of) as line;
comment on macro table reckoned_pair_as_of is 'Chips or mixes and delivery years by which reckoned deals and sites are rated at a date; one row per chip or mix and year';
