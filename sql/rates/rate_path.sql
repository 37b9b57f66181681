-- The keys of the rows of assumption that rate a member of a chip or mix in a delivery year, one column a parameter.
-- One row per chip or mix, delivery year and member; a parameter that no assumption sets is null.
create or replace view rate_path as
select
    rated_member.chip_id,
    rated_member.year,
    rated_member.member_id,
    rated_member.share,
    any_value(assumption_key) filter (parameter = 'it_power_w_per_chip') as it_power_w_per_chip,
    any_value(assumption_key) filter (parameter = 'server_to_chip_power') as server_to_chip_power,
    any_value(assumption_key) filter (parameter = 'it_to_server_power') as it_to_server_power,
    any_value(assumption_key) filter (parameter = 'tdp_w') as tdp_w,
    any_value(assumption_key) filter (parameter = 'bf16_to_fp8_rate') as bf16_to_fp8_rate,
    any_value(assumption_key) filter (parameter = 'peak_pue') as peak_pue,
    any_value(assumption_key) filter (parameter = 'utility_to_facility_power') as utility_to_facility_power,
    any_value(assumption_key) filter (parameter = 'utilisation') as utilisation,
    any_value(assumption_key) filter (parameter = 'chip_price_usd') as chip_price_usd,
    any_value(assumption_key) filter (parameter = 'chip_price_usd_per_h100e') as chip_price_usd_per_h100e,
    any_value(assumption_key) filter (parameter = 'chip_price_level') as chip_price_level,
    any_value(assumption_key) filter (parameter = 'it_to_chip_capex') as it_to_chip_capex,
    any_value(assumption_key) filter (parameter = 'site_capex_usd_per_it_w') as site_capex_usd_per_it_w,
    any_value(assumption_key) filter (parameter = 'lease_usd_per_it_kw_month') as lease_usd_per_it_kw_month,
    any_value(assumption_key) filter (parameter = 'cloud_usd_per_chip_hour') as cloud_usd_per_chip_hour,
    any_value(assumption_key) filter (parameter = 'cloud_usd_per_h100e_hour') as cloud_usd_per_h100e_hour,
    any_value(assumption_key) filter (parameter = 'billed_share') as billed_share,
    any_value(assumption_key) filter (parameter = 'measured_power_share') as measured_power_share,
    any_value(assumption_key) filter (parameter = 'unstated_power_position') as unstated_power_position,
    any_value(assumption_key) filter (parameter = 'unstated_capex_position') as unstated_capex_position,
from rated_member
left join parameter_choice using (chip_id, year, member_id)
group by rated_member.chip_id, rated_member.year, rated_member.member_id, rated_member.share;
comment on view rate_path is 'Keys of the assumptions that rate a member of a chip or mix in a delivery year, one column a parameter';
