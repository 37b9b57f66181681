-- Deals of which the parts of one layer together state more than the deal itself, in the same measure and at face value.
-- Only parts directly inside it; parts of several layers may tell of the same capacity and are not summed, and one part that alone
-- exceeds its whole is audit_part_greater_than_whole. The newest statements count, parts at their low end, the whole at its
-- high end; a whole stated as at_least has no upper bound. One row per whole, layer of the parts and measure.
create or replace view audit_parts_greater_than_whole as
select
    whole.deal_id as subject_id,
    printf(
        'the parts of %s in layer %s state %.6g %s of %s together, but it states %.6g (%s): %s',
        whole.deal_id, part.layer, sum(part_said.least_amount), any_value(part_said.unit), part_said.measure,
        any_value(whole_said.most_amount), any_value(whole_said.qualifier),
        string_agg(concat(part.deal_id, ' ', printf('%.6g', part_said.least_amount)), ', ' order by part.deal_id)
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
group by whole.deal_id, part.layer, part_said.measure
having
    count(*) > 1
    and sum(part_said.least_amount) > any_value(whole_said.most_amount) * (1 + 1e-9)
    and max(part_said.least_amount) <= any_value(whole_said.most_amount) * (1 + 1e-9);
comment on view audit_parts_greater_than_whole is 'Deals of which the parts of one layer together state more than the deal; one row per whole, layer and measure';
