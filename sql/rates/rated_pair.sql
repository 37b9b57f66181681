-- The chips or mixes and delivery years by which a line of the ledger can be rated, at any date as of which it is read.
-- One row per chip or mix and delivery year.
create or replace view rated_pair as
with site_chip as (
    select
        site_id,
        chip_id,
    from milestone
    where chip_id is not null
    union
    select
        claim.site_id,
        deal.chip_id,
    from claim
    inner join deal using (deal_id)
    where deal.chip_id is not null
    union
    select
        site.site_id,
        chip_mix.mix_id as chip_id,
    from site
    inner join chip_mix on chip_mix.mix_id in (concat(site.operator_id, '-mix'), concat(site.owner_id, '-mix'))
    union
    select
        site_id,
        'industry-mix' as chip_id,
    from site
),

site_year as (
    select distinct
        site_id,
        rated_year(
            year(on_date) + case when stage = 'under_construction' then 1 else 0 end
        ) as year,
    from milestone
)

select distinct
    site_chip.chip_id,
    site_year.year,
from site_chip
inner join site_year using (site_id)
union
select distinct
    chip_id,
    year,
from deal_year;
comment on view rated_pair is 'Chips or mixes and delivery years by which lines of the ledger can be rated; one row per chip or mix and year';
