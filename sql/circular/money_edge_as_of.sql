-- Dollars that one organisation pays another under a deal, as known at a date.
-- kind `invested`: equity and debt, from the investor or lender (buyer) to the receiver (seller, else beneficiary); `bought`: the
-- price of chips, cloud, sites and building, from buyer to seller. face_usd: as stated. counted_usd: what no other edge tells: an
-- edge inside another of the same kind between the same two counts nothing; one that contains edges of the same payer to other
-- payees (a tally of suppliers), or of other payers to the same payee (a round), counts what they leave of it; an included share
-- is taken off the part, or off a whole that names a group. Rumoured deals count nothing; cancelled ones have no row.
-- One row per deal.
create or replace macro money_edge_as_of(as_of) as table
with edge as materialized (
    select
        money.deal_id,
        case when money.money_kind in ('equity', 'debt') then 'invested' else 'bought' end as kind,
        deal.buyer_id as payer_id,
        case
            when money.money_kind in ('equity', 'debt') then coalesce(deal.seller_id, deal.beneficiary_id)
            else deal.seller_id
        end as payee_id,
        deal.layer,
        deal.status,
        deal.announced_on,
        money.line_id,
        money.measure,
        money.qualifier,
        money.face_usd,
        deal.status <> 'rumoured' as is_reckoned,
        'group' in (payer.kind, payee.kind) as is_of_group,
    from deal_money_as_of(as_of) as money
    inner join deal using (deal_id)
    left join organization as payer on deal.buyer_id = payer.organization_id
    left join organization as payee
        on payee.organization_id = case
            when deal.layer in ('equity', 'debt') then coalesce(deal.seller_id, deal.beneficiary_id)
            else deal.seller_id
        end
    where
        deal.layer in ('equity', 'debt', 'chips', 'cloud', 'site', 'build')
        and deal.status <> 'cancelled'
        and payer_id <> payee_id
),

reckoned as materialized (
    select *
    from edge
    where is_reckoned
),

nested as materialized (
    select
        whole.deal_id as whole_deal_id,
        part.deal_id,
        part.face_usd,
        part.payer_id = whole.payer_id and part.payee_id = whole.payee_id as is_same_pair,
    from reckoned as part
    inner join deal_ancestor using (deal_id)
    inner join reckoned as whole on deal_ancestor.ancestor_id = whole.deal_id
    where part.kind = whole.kind and (part.payer_id = whole.payer_id or part.payee_id = whole.payee_id)
),

beneath as (
    select
        nested.whole_deal_id,
        sum(nested.face_usd) as usd,
    from nested
    where
        not nested.is_same_pair
        and not exists (
            select 1
            from nested as outer_part
            inner join deal_ancestor on outer_part.deal_id = deal_ancestor.ancestor_id
            where
                outer_part.whole_deal_id = nested.whole_deal_id
                and deal_ancestor.deal_id = nested.deal_id
                and not outer_part.is_same_pair
        )
    group by nested.whole_deal_id
),

included as (
    select
        case
            when part.payer_id = whole.payer_id and part.payee_id = whole.payee_id then part.deal_id
            when whole.is_of_group and not part.is_of_group then whole.deal_id
            when part.is_of_group and not whole.is_of_group then part.deal_id
        end as deal_id,
        inclusion.share_best * part.face_usd as usd,
    from inclusion
    inner join reckoned as part on inclusion.part_id = part.deal_id
    inner join reckoned as whole on inclusion.whole_id = whole.deal_id
    where
        inclusion.known_on <= as_of
        and part.kind = whole.kind
        and (part.payer_id = whole.payer_id or part.payee_id = whole.payee_id)
    qualify row_number() over (
        partition by inclusion.part_id, inclusion.whole_id
        order by inclusion.known_on desc, inclusion.inclusion_id
    ) = 1
),

told as (
    select
        deal_id,
        sum(usd) as usd,
    from included
    group by deal_id
),

twin as (
    select distinct deal_id
    from nested
    where is_same_pair
),

counted as (
    select
        edge.* exclude (is_reckoned, is_of_group),
        case
            when not edge.is_reckoned or twin.deal_id is not null then 0
            else greatest(0, edge.face_usd - coalesce(beneath.usd, 0) - coalesce(told.usd, 0))
        end as counted_usd,
    from edge
    left join beneath on edge.deal_id = beneath.whole_deal_id
    left join told on edge.deal_id = told.deal_id
    left join twin on edge.deal_id = twin.deal_id
)

select
    *,
    counted_usd * status_weight(status) as weighted_usd,
from counted
order by deal_id;
comment on macro table money_edge_as_of is 'Dollars that one organisation pays another under a deal as known at a date: as stated, and what no other edge tells; one row per deal [USD]';
