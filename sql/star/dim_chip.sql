-- Chips, and the mixes that stand in where no chip is named. One row per chip or mix.
create or replace view dim_chip as
select
    chip_id,
    name,
    false as is_mix,
    * exclude (chip_id, name),
from chip
union all by name
select distinct
    mix_id as chip_id,
    mix_id as name,
    true as is_mix,
from chip_mix;
comment on view dim_chip is 'Chips and mixes of chips; one row per chip or mix';
