-- Groups of charges with the chips that they are of: the instance type is that of the SKU details, its chips those of `instance`.
-- is_accelerator: the bill or the table of instances says that it has chips of some kind. One row per group of charges.
with named as (
    select
        *,
        json_extract_string(sku_price_details, '$.InstanceType') as instance_type,
        coalesce(try_cast(json_extract_string(sku_price_details, '$.GpuCount') as double), 0) as gpu_count,
    from focus_group
),

known as (
    select
        instance_key(instance_type) as instance_name,
        any_value(chip_id) as chip_id,
        any_value(chip_count) as chip_count,
    from instance
    group by all
)

select
    named.* exclude (sku_price_details, quantity, gpu_count),
    known.chip_id,
    known.chip_count,
    known.chip_count is not null or named.gpu_count > 0 as is_accelerator,
    case
        when named.charge_category = 'Usage' then known.chip_count * named.quantity * unit_hours(named.consumed_unit)
    end as chip_hours,
from named
left join known on instance_key(named.instance_type) = known.instance_name;
