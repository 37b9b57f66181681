-- What is announced more than once: gross is every reckoned deal of the scope and layer, overlap those of them that lie inside
-- another reckoned deal of the same scope and layer, counted once the difference. Scopes: each programme, each beneficiary, each
-- layer, and the industry. Layer `all` takes every layer together, where a lease, a chip order and a cloud contract for the same
-- gigawatt overlap if one is part_of the other; it is no sum of the layers. Rumoured and cancelled deals are not reckoned.
-- One row per scope, layer and measure.
create or replace view overlap as
with reckoned as (
    select distinct deal_id
    from deal_capacity
),

scoped as (
    select
        deal.deal_id,
        unnest(['programme', 'programme', 'beneficiary', 'beneficiary', 'layer', 'industry']) as scope_kind,
        unnest(
            [deal.programme_id, deal.programme_id, deal.beneficiary_id, deal.beneficiary_id, deal.layer, 'industry']
        ) as scope_id,
        unnest([deal.layer, 'all', deal.layer, 'all', deal.layer, 'all']) as layer,
    from deal
    inner join reckoned using (deal_id)
),

inside as (
    select distinct
        part.scope_kind,
        part.scope_id,
        part.layer,
        part.deal_id,
        true as is_inside,
    from scoped as part
    inner join deal_ancestor using (deal_id)
    inner join scoped as whole
        on
            deal_ancestor.ancestor_id = whole.deal_id
            and part.scope_kind = whole.scope_kind
            and part.scope_id = whole.scope_id
            and part.layer = whole.layer
)

select
    scoped.scope_kind,
    scoped.scope_id,
    scoped.layer,
    capacity.measure,
    capacity.unit,
    whole_sum(capacity.amount_mean) as gross_mean,
    whole_sum(case when inside.is_inside then capacity.amount_mean else 0 end) as overlap_mean,
    gross_mean - overlap_mean as counted_once_mean,
from scoped
inner join deal_capacity as capacity using (deal_id)
left join inside
    on
        scoped.deal_id = inside.deal_id
        and scoped.scope_kind = inside.scope_kind
        and scoped.scope_id = inside.scope_id
        and scoped.layer = inside.layer
where scoped.scope_id is not null
group by scoped.scope_kind, scoped.scope_id, scoped.layer, capacity.measure, capacity.unit
order by scoped.scope_kind, scoped.scope_id, scoped.layer, capacity.measure;
comment on view overlap is 'Gross of all announcements, overlap, and what is counted once; one row per scope, layer and measure';
