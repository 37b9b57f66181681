-- The deals that are reckoned at a date in each scope, and the outermost deal of the scope in which each lies (itself when in none).
-- Scopes: each programme, each beneficiary, each layer, and the industry; within programme and beneficiary each layer and `all`.
-- One row per scope, layer and deal.
create or replace macro overlap_scope_as_of(as_of) as table
with reckoned as (
    select deal_id
    from deal_line_as_of(as_of)
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
    select
        part.scope_kind,
        part.scope_id,
        part.layer,
        part.deal_id,
        max_by(whole.deal_id, deal_ancestor.distance) as top_deal_id,
    from scoped as part
    inner join deal_ancestor using (deal_id)
    inner join scoped as whole
        on
            deal_ancestor.ancestor_id = whole.deal_id
            and part.scope_kind = whole.scope_kind
            and part.scope_id = whole.scope_id
            and part.layer = whole.layer
    group by part.scope_kind, part.scope_id, part.layer, part.deal_id
)

select
    scoped.scope_kind,
    scoped.scope_id,
    scoped.layer,
    scoped.deal_id,
    coalesce(inside.top_deal_id, scoped.deal_id) as top_deal_id,
    inside.top_deal_id is not null as is_inside,
from scoped
left join inside
    on
        scoped.deal_id = inside.deal_id
        and scoped.scope_kind = inside.scope_kind
        and scoped.scope_id = inside.scope_id
        and scoped.layer = inside.layer
where scoped.scope_id is not null;
comment on macro table overlap_scope_as_of is 'Deals reckoned at a date in each scope and the outermost deal in which each lies; one row per scope, layer and deal';
