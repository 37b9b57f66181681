-- The entry of a bundle for a measure: what one chip is worth in it [unit of the measure]. A contract is a yearly spend over its term.
create or replace macro bundle_entry(
    of_measure,
    contract_years,
    chips,
    compute,
    compute_bf16,
    chip_power,
    it_power,
    facility_power,
    utility_power,
    unstated_power,
    energy,
    chip_capex,
    it_capex,
    site_capex,
    total_capex,
    unstated_capex,
    lease_spend,
    cloud_spend,
    chip_hours_per_year
) as
    case of_measure
        when 'chips' then chips
        when 'compute' then compute
        when 'compute_bf16' then compute_bf16
        when 'chip_power' then chip_power
        when 'it_power' then it_power
        when 'facility_power' then facility_power
        when 'utility_power' then utility_power
        when 'unstated_power' then unstated_power
        when 'energy' then energy
        when 'chip_capex' then chip_capex
        when 'it_capex' then it_capex
        when 'site_capex' then site_capex
        when 'total_capex' then total_capex
        when 'unstated_capex' then unstated_capex
        when 'lease_spend' then lease_spend
        when 'cloud_spend' then cloud_spend
        when 'lease_contract' then lease_spend * contract_years
        when 'cloud_contract' then cloud_spend * contract_years
        when 'chip_hours' then chip_hours_per_year * contract_years
    end;
comment on macro bundle_entry is 'Entry of a bundle for a measure: what one chip is worth in it [unit of the measure]';
