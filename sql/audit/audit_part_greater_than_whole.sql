-- Deals that state more than the deal that they are part of, in the same measure and at face value.
-- The newest statements count; of a range the part is held to its low end and the whole to its high end. A whole stated as
-- at_least has no upper bound, and rumoured and cancelled deals are not reckoned. One row per part and measure.
create or replace view audit_part_greater_than_whole as
select
    part.deal_id as subject_id,
    printf(
        '%s states %.6g %s of %s (%s), but %s, which it is part of, states %.6g (%s)',
        part.deal_id, part_said.least_amount, part_said.unit, part_said.measure, part_said.qualifier,
        whole.deal_id, whole_said.most_amount, whole_said.qualifier
    ) as detail,
from deal as part
inner join deal as whole on part.part_of = whole.deal_id
inner join newest_statement as part_said on part.deal_id = part_said.deal_id
inner join newest_statement as whole_said
    on whole.deal_id = whole_said.deal_id and part_said.measure = whole_said.measure
where
    whole_said.qualifier <> 'at_least'
    and part.status not in ('rumoured', 'cancelled')
    and whole.status not in ('rumoured', 'cancelled')
    and part_said.measure not in ('valuation', 'customers')
    and part_said.least_amount > whole_said.most_amount * (1 + 1e-9);
comment on view audit_part_greater_than_whole is 'Deals that state more than the deal that they are part of; one row per part and measure';
