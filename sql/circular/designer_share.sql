-- How the price of a chip or mix divides among the designers of its chips [share], by the best prices of the assumptions.
-- One row per chip or mix, delivery year and designer.
create or replace view designer_share as
with priced as (
    select
        rate_path.chip_id,
        rate_path.year,
        chip.designer_id,
        rate_path.share * coalesce(
            price.best,
            coalesce(chip.fp8_dense_tflops, chip.bf16_dense_tflops) / h100_fp8_dense_tflops() * price_per_h100e.best
        ) as price_usd,
    from rate_path
    inner join chip on rate_path.member_id = chip.chip_id
    left join assumption_row as price on rate_path.chip_price_usd = price.assumption_key
    left join assumption_row as price_per_h100e on rate_path.chip_price_usd_per_h100e = price_per_h100e.assumption_key
)

select
    chip_id,
    year,
    designer_id,
    sum(price_usd) / sum(sum(price_usd)) over (partition by chip_id, year) as share,
from priced
where designer_id is not null
group by chip_id, year, designer_id;
comment on view designer_share is 'How the price of a chip or mix divides among the designers of its chips; one row per chip or mix, year and designer [share]';
