-- The bundle of a chip or mix: what one chip, delivered in a year, is worth in every measure, draw by draw.
-- A mix is the share-weighted mean of its members; a value that some member lacks is null.
-- Columns are named for their measures and in their units; chip_hours_per_year in chip-hours per year.
-- One row per chip or mix, delivery year and draw. Every conversion is the ratio of two columns of one row.
create or replace view bundle_draw_formula as
with aligned as (
    select
        rate_path.chip_id,
        rate_path.year,
        rate_path.share,
        coalesce(chip.fp8_dense_tflops, chip.bf16_dense_tflops) / h100_fp8_dense_tflops() as compute,
        chip.fp8_dense_tflops,
        chip.bf16_dense_tflops,
        chip.tdp_w as rated_w,
        unnest(range(1, run.draw_count + 1))::integer as draw,
        unnest(it_power_w_per_chip.draws) as it_power_w_per_chip,
        unnest(server_to_chip_power.draws) as server_to_chip_power,
        unnest(it_to_server_power.draws) as it_to_server_power,
        unnest(tdp_w.draws) as tdp_w,
        unnest(bf16_to_fp8_rate.draws) as bf16_to_fp8_rate,
        unnest(peak_pue.draws) as peak_pue,
        unnest(utility_to_facility_power.draws) as utility_to_facility_power,
        unnest(utilisation.draws) as utilisation,
        unnest(chip_price_usd.draws) as chip_price_usd,
        unnest(chip_price_usd_per_h100e.draws) as chip_price_usd_per_h100e,
        unnest(chip_price_level.draws) as chip_price_level,
        unnest(it_to_chip_capex.draws) as it_to_chip_capex,
        unnest(site_capex_usd_per_it_w.draws) as site_capex_usd_per_it_w,
        unnest(lease_usd_per_it_kw_month.draws) as lease_usd_per_it_kw_month,
        unnest(cloud_usd_per_chip_hour.draws) as cloud_usd_per_chip_hour,
        unnest(cloud_usd_per_h100e_hour.draws) as cloud_usd_per_h100e_hour,
        unnest(billed_share.draws) as billed_share,
        unnest(measured_power_share.draws) as measured_power_share,
        unnest(unstated_power_position.draws) as unstated_power_position,
        unnest(unstated_capex_position.draws) as unstated_capex_position,
    from rate_path
    inner join chip on rate_path.member_id = chip.chip_id
    cross join run
    left join assumption_draw as it_power_w_per_chip on rate_path.it_power_w_per_chip = it_power_w_per_chip.assumption_key
    left join assumption_draw as server_to_chip_power on rate_path.server_to_chip_power = server_to_chip_power.assumption_key
    left join assumption_draw as it_to_server_power on rate_path.it_to_server_power = it_to_server_power.assumption_key
    left join assumption_draw as tdp_w on rate_path.tdp_w = tdp_w.assumption_key
    left join assumption_draw as bf16_to_fp8_rate on rate_path.bf16_to_fp8_rate = bf16_to_fp8_rate.assumption_key
    left join assumption_draw as peak_pue on rate_path.peak_pue = peak_pue.assumption_key
    left join assumption_draw as utility_to_facility_power on rate_path.utility_to_facility_power = utility_to_facility_power.assumption_key
    left join assumption_draw as utilisation on rate_path.utilisation = utilisation.assumption_key
    left join assumption_draw as chip_price_usd on rate_path.chip_price_usd = chip_price_usd.assumption_key
    left join assumption_draw as chip_price_usd_per_h100e on rate_path.chip_price_usd_per_h100e = chip_price_usd_per_h100e.assumption_key
    left join assumption_draw as chip_price_level on rate_path.chip_price_level = chip_price_level.assumption_key
    left join assumption_draw as it_to_chip_capex on rate_path.it_to_chip_capex = it_to_chip_capex.assumption_key
    left join assumption_draw as site_capex_usd_per_it_w on rate_path.site_capex_usd_per_it_w = site_capex_usd_per_it_w.assumption_key
    left join assumption_draw as lease_usd_per_it_kw_month on rate_path.lease_usd_per_it_kw_month = lease_usd_per_it_kw_month.assumption_key
    left join assumption_draw as cloud_usd_per_chip_hour on rate_path.cloud_usd_per_chip_hour = cloud_usd_per_chip_hour.assumption_key
    left join assumption_draw as cloud_usd_per_h100e_hour on rate_path.cloud_usd_per_h100e_hour = cloud_usd_per_h100e_hour.assumption_key
    left join assumption_draw as billed_share on rate_path.billed_share = billed_share.assumption_key
    left join assumption_draw as measured_power_share on rate_path.measured_power_share = measured_power_share.assumption_key
    left join assumption_draw as unstated_power_position on rate_path.unstated_power_position = unstated_power_position.assumption_key
    left join assumption_draw as unstated_capex_position on rate_path.unstated_capex_position = unstated_capex_position.assumption_key
),

power as (
    select
        *,
        coalesce(bf16_dense_tflops, fp8_dense_tflops * bf16_to_fp8_rate) / h100_bf16_dense_tflops() as compute_bf16,
        coalesce(rated_w, tdp_w) / 1e6 as chip_power,
        coalesce(
            it_power_w_per_chip,
            coalesce(rated_w, tdp_w) * server_to_chip_power * it_to_server_power
        ) / 1e6 as it_power,
        it_power * peak_pue as facility_power,
        facility_power * utility_to_facility_power as utility_power,
    from aligned
),

money as (
    select
        *,
        coalesce(chip_price_usd, compute * chip_price_usd_per_h100e) * chip_price_level as chip_capex,
        chip_capex * it_to_chip_capex as it_capex,
        it_power * 1e6 * site_capex_usd_per_it_w as site_capex,
        it_capex + site_capex as total_capex,
    from power
),

bundle as (
    select
        *,
        facility_power * utilisation * hours_per_year() as energy,
        it_power * 1e3 * lease_usd_per_it_kw_month * 12 as lease_spend,
        coalesce(cloud_usd_per_chip_hour, compute * cloud_usd_per_h100e_hour)
        * hours_per_year() * billed_share as cloud_spend,
        it_power * measured_power_share as measured_power,
        between_bases(it_power, utility_power, unstated_power_position) as unstated_power,
        between_bases(site_capex, total_capex, unstated_capex_position) as unstated_capex,
        hours_per_year() * billed_share as chip_hours_per_year,
    from money
)

select
    chip_id,
    year,
    draw,
    1.0::double as chips,
    mean_of_mix(compute, share) as compute,
    mean_of_mix(compute_bf16, share) as compute_bf16,
    mean_of_mix(chip_power, share) as chip_power,
    mean_of_mix(it_power, share) as it_power,
    mean_of_mix(facility_power, share) as facility_power,
    mean_of_mix(utility_power, share) as utility_power,
    mean_of_mix(unstated_power, share) as unstated_power,
    mean_of_mix(measured_power, share) as measured_power,
    mean_of_mix(energy, share) as energy,
    mean_of_mix(chip_capex, share) as chip_capex,
    mean_of_mix(it_capex, share) as it_capex,
    mean_of_mix(site_capex, share) as site_capex,
    mean_of_mix(total_capex, share) as total_capex,
    mean_of_mix(unstated_capex, share) as unstated_capex,
    mean_of_mix(lease_spend, share) as lease_spend,
    mean_of_mix(cloud_spend, share) as cloud_spend,
    mean_of_mix(chip_hours_per_year, share) as chip_hours_per_year,
from bundle
group by chip_id, year, draw;
comment on view bundle_draw_formula is 'What one chip of a model or mix, delivered in a year, is worth in every measure, draw by draw';
