-- What each commitment was drawn down by a bill, as rows of `consumption` to be. `focus_target` names the deals: one without a
-- commitment takes the whole bill (all but taxes, at effective cost); one of a commitment takes what the bill says was applied to it,
-- or where it says nothing of the kind, the effective cost of the usage that the commitment covers, used or not.
-- Dollars alone: charges in other currencies are told apart beforehand. One row per deal, month, measure and chip.
with applied as (
    select distinct commitment_id
    from focus_charge
    where kind = 'applied'
),

drawn as (
    select
        focus_target.deal_id,
        charge.month,
        charge.chip_id,
        charge.effective,
        charge.chip_hours,
    from focus_charge as charge
    inner join focus_target
        on
            charge.billing_currency = 'USD'
            and case
                when focus_target.commitment_id is null then charge.kind = 'charge' and charge.charge_category <> 'Tax'
                when focus_target.commitment_id in (select commitment_id from applied)
                    then charge.kind = 'applied' and charge.commitment_id = focus_target.commitment_id
                else
                    charge.kind = 'charge'
                    and charge.charge_category = 'Usage'
                    and charge.commitment_id = focus_target.commitment_id
            end
)

select
    deal_id,
    month,
    'cloud_contract' as measure,
    chip_id,
    sum(effective)::varchar as amount,
    'USD' as unit,
from drawn
group by all
having sum(effective) <> 0
union all
select
    deal_id,
    month,
    'chip_hours' as measure,
    chip_id,
    round(sum(chip_hours), 6)::varchar as amount,
    'chip-hour' as unit,
from drawn
where chip_id is not null
group by all
having sum(chip_hours) <> 0
order by all;
