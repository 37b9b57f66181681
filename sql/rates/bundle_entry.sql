-- The entry of a bundle for a measure: what one chip is worth in it [unit of the measure]. A contract is a yearly spend over its term.
-- bundle: the row, named as a whole, such as bundle_draw in a query from bundle_draw.
create or replace macro bundle_entry(of_measure, contract_years, bundle) as
    case of_measure
        when 'chips' then bundle.chips
        when 'compute' then bundle.compute
        when 'compute_bf16' then bundle.compute_bf16
        when 'chip_power' then bundle.chip_power
        when 'it_power' then bundle.it_power
        when 'facility_power' then bundle.facility_power
        when 'utility_power' then bundle.utility_power
        when 'unstated_power' then bundle.unstated_power
        when 'measured_power' then bundle.measured_power
        when 'energy' then bundle.energy
        when 'chip_capex' then bundle.chip_capex
        when 'it_capex' then bundle.it_capex
        when 'site_capex' then bundle.site_capex
        when 'total_capex' then bundle.total_capex
        when 'unstated_capex' then bundle.unstated_capex
        when 'lease_spend' then bundle.lease_spend
        when 'cloud_spend' then bundle.cloud_spend
        when 'lease_contract' then bundle.lease_spend * contract_years
        when 'cloud_contract' then bundle.cloud_spend * contract_years
        when 'chip_hours' then bundle.chip_hours_per_year * contract_years
    end;
comment on macro bundle_entry is 'Entry of a bundle for a measure: what one chip is worth in it [unit of the measure]';
