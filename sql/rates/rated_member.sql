-- What one rated chip consists of: a chip is itself, a mix its members of the delivery year (nearest year that the mix knows).
-- One row per chip or mix, delivery year and member.
create or replace view rated_member as
with delivery_year as (
    select unnest(range(rated_year(0), rated_year(9999) + 1))::integer as year
),

mix_year as (
    select
        known.mix_id,
        delivery_year.year,
        min_by(known.year, abs(known.year - delivery_year.year) + known.year / 1e5) as known_year,
    from (select distinct
        mix_id,
        year,
    from chip_mix) as known
    cross join delivery_year
    group by known.mix_id, delivery_year.year
)

select
    chip.chip_id,
    delivery_year.year,
    chip.chip_id as member_id,
    1.0 as share,
from chip
cross join delivery_year
union all
select
    chip_mix.mix_id as chip_id,
    mix_year.year,
    chip_mix.chip_id as member_id,
    chip_mix.share,
from mix_year
inner join chip_mix on mix_year.mix_id = chip_mix.mix_id and mix_year.known_year = chip_mix.year;
comment on view rated_member is 'Members of a chip (itself) or of a mix in a delivery year; one row per chip or mix, year and member';
