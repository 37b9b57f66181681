-- The kind of a measure by what it counts, whatever its boundary: chips, contract, dollars, energy or power.
-- A pair of statements is named for its two kinds in this order.
create or replace macro witness_kind(of_measure) as
    case
        when of_measure in ('chips', 'compute', 'compute_bf16', 'chip_hours') then 'chips'
        when of_measure in ('lease_spend', 'cloud_spend', 'lease_contract', 'cloud_contract') then 'contract'
        when of_measure in ('chip_capex', 'it_capex', 'site_capex', 'total_capex', 'unstated_capex') then 'dollars'
        when of_measure = 'energy' then 'energy'
        else 'power'
    end;
comment on macro witness_kind is 'Kind of a measure by what it counts: chips, contract, dollars, energy or power';
