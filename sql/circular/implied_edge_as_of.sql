-- What of a cloud contract buys chips, and from whom, at a date: the contract in chips by the rates, times the price of the chips;
-- from the seller of the cloud to the designers of its chips, with intervals. Chips of the seller's own design are no purchase.
-- Implied, not stated: kept apart from money_edge. One row per contract and designer.
create or replace macro implied_edge_as_of(as_of) as table
with contract as materialized (
    select *
    from money_edge_as_of(as_of)
    where layer = 'cloud' and counted_usd > 0 and measure in ('cloud_contract', 'cloud_spend')
),

bought as (
    select
        contract.deal_id,
        contract.payee_id as payer_id,
        designer_share.designer_id as payee_id,
        contract.status,
        contract.announced_on,
        contract.counted_usd as contract_usd,
        deal_path.chip_is_assumed,
        line.draw,
        line.chip_count * line.chip_capex * designer_share.share * contract.counted_usd / contract.face_usd as amount_usd,
        line.chip_capex * designer_share.share / (line.cloud_spend * coalesce(line.contract_years, 1)) as contract_share,
    from line_bundle_as_of(as_of, 'deal', false, lines := (select list(line_id) from contract)) as line
    inner join contract using (line_id)
    inner join deal_path on contract.deal_id = deal_path.deal_id
    inner join designer_share on line.chip_id = designer_share.chip_id and line.year = designer_share.year
    where designer_share.designer_id <> contract.payee_id
),

summary as (
    select
        deal_id,
        payer_id,
        payee_id,
        any_value(status) as status,
        any_value(announced_on) as announced_on,
        any_value(contract_usd) as contract_usd,
        any_value(chip_is_assumed) as chip_is_assumed,
        avg(amount_usd) as amount_usd_mean,
        quantile_cont(amount_usd, [0.05, 0.50, 0.95]) as amount_points,
        avg(contract_share) as contract_share_mean,
        quantile_cont(contract_share, [0.05, 0.50, 0.95]) as share_points,
    from bought
    group by deal_id, payer_id, payee_id
)

select
    deal_id,
    payer_id,
    payee_id,
    status,
    announced_on,
    contract_usd,
    chip_is_assumed,
    amount_usd_mean,
    amount_points[1] as amount_usd_p05,
    amount_points[2] as amount_usd_p50,
    amount_points[3] as amount_usd_p95,
    contract_share_mean,
    share_points[1] as contract_share_p05,
    share_points[2] as contract_share_p50,
    share_points[3] as contract_share_p95,
from summary
order by deal_id, payee_id;
comment on macro table implied_edge_as_of is 'What of a cloud contract buys chips, and from whom, at a date, with intervals; one row per contract and designer [USD]';
