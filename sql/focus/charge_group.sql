-- The charges of a bill in groups: one pass over `focus_row`, whose columns are those of a FOCUS Cost and Usage dataset as text.
-- kind `charge`: every row of the bill once, at its billed and its effective cost. kind `applied`: what a row drew from a contract
-- commitment that it names in ContractApplied, at the applied cost; its hours are those of the row in proportion. kind `paid`: the
-- purchase of that commitment itself, which pays for it and does not draw it down.
-- A number that cannot be read is null and counted in unread_count. One row per month, provider, currency, category, class,
-- commitment, SKU details, unit of consumption and kind.
with line as (
    select
        date_trunc('month', try_cast(charge_period_start as timestamp))::date as month,
        provider,
        upper(billing_currency) as billing_currency,
        charge_category,
        commitment_discount_id,
        sku_price_details,
        consumed_unit,
        try_cast(billed_cost as decimal(38, 18)) as billed,
        try_cast(effective_cost as decimal(38, 18)) as effective,
        try_cast(consumed_quantity as double) as quantity,
        (
            (billed is null and billed_cost is not null)
            or (effective is null and effective_cost is not null)
            or (quantity is null and consumed_quantity is not null)
            or month is null
        )::integer as is_unread,
        case when contract_applied is not null then from_json(
            replace(contract_applied, 'ContractCommitmentID', 'ContractCommitmentId'), -- both spellings are in use
            '{"Elements": [{"ContractCommitmentId": "VARCHAR", "ContractCommitmentAppliedCost": "DECIMAL(38, 18)"}]}'
        ).elements end as applied,
    from focus_row
),

element as (
    select
        line.*,
        unnest(list_prepend(null, line.applied)) as one,
    from line
),

entry as (
    select
        element.*,
        element.one is null as is_whole,
        element.one.contractcommitmentid as applied_id,
        element.one.contractcommitmentappliedcost as applied_cost,
    from element
)

select
    month,
    provider,
    billing_currency,
    charge_category,
    case
        when is_whole then 'charge'
        when charge_category = 'Purchase' and applied_id = commitment_discount_id then 'paid'
        else 'applied'
    end as kind,
    case when is_whole then commitment_discount_id else applied_id end as commitment_id,
    sku_price_details,
    consumed_unit,
    count(*) as row_count,
    sum(is_unread) as unread_count,
    sum(billed) as billed,
    sum(case when is_whole then effective else applied_cost end) as effective,
    sum(
        quantity * case when is_whole then 1 else least(1, applied_cost::double / nullif(effective, 0)::double) end
    ) as quantity,
from entry
group by all;
