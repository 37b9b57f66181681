-- Deals at a date, draw by draw, each reckoned by its most physical statement: amount x bundle[target] / bundle[stated];
-- an amount stated in the target measure is not converted at all. measures, deals: those asked for, null for all.
-- One row per deal, measure and draw.
create or replace macro deal_draw_as_of(as_of, measures := null, deals := null) as table
select
    line.owner_id as deal_id,
    target.measure,
    line.draw,
    case
        when target.measure = line.measure then line.amount
        else line.chip_count * bundle_entry(target.measure, contract_years, line)
    end as amount,
from line_bundle_as_of(as_of, 'deal', true, owners := deals) as line
cross join target_measure(measures) as target;
comment on macro table deal_draw_as_of is 'Deals at a date in the measures asked for, draw by draw; one row per deal, measure and draw';
