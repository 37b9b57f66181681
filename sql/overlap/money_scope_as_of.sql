-- Deals that state dollars at a date in each scope, by kind of money, and the outermost one of its scope and kind in which each lies.
-- Commitments are told across layers (the rent inside the price of a cloud contract); equity, debt and guarantees each apart.
-- Rumoured and cancelled deals are not reckoned. One row per scope, kind and deal.
create or replace macro money_scope_as_of(as_of) as table
with scoped as (
    select
        money.deal_id,
        money.money_kind,
        money.face_usd,
        unnest(['programme', 'beneficiary', 'layer', 'industry']) as scope_kind,
        unnest([deal.programme_id, deal.beneficiary_id, deal.layer, 'industry']) as scope_id,
    from deal_money_as_of(as_of) as money
    inner join deal using (deal_id)
    where deal.status not in ('rumoured', 'cancelled')
),

inside as (
    select
        part.scope_kind,
        part.scope_id,
        part.money_kind,
        part.deal_id,
        max_by(whole.deal_id, deal_ancestor.distance) as top_deal_id,
    from scoped as part
    inner join deal_ancestor using (deal_id)
    inner join scoped as whole
        on
            deal_ancestor.ancestor_id = whole.deal_id
            and part.scope_kind = whole.scope_kind
            and part.scope_id = whole.scope_id
            and part.money_kind = whole.money_kind
    group by part.scope_kind, part.scope_id, part.money_kind, part.deal_id
)

select
    scoped.scope_kind,
    scoped.scope_id,
    scoped.money_kind,
    scoped.deal_id,
    scoped.face_usd,
    coalesce(inside.top_deal_id, scoped.deal_id) as top_deal_id,
    inside.top_deal_id is not null as is_inside,
from scoped
left join inside using (scope_kind, scope_id, money_kind, deal_id)
where scoped.scope_id is not null;
comment on macro table money_scope_as_of is 'Deals that state dollars at a date in each scope, and the outermost one in which each lies; one row per scope, kind of money and deal';
