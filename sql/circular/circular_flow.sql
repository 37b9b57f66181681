-- Money between two organisations: what the party invested in the counterparty, and what the counterparty buys from the party.
-- net: bought back less invested, so a negative net is money that the party has put in and not got back. Face values of all deals
-- that are not cancelled, and beside them weighted by status (status_weight). One row per ordered pair between which money goes.
create or replace view circular_flow as
with edge as (
    select
        case when kind = 'invested' then payer_id else payee_id end as party_id,
        case when kind = 'invested' then payee_id else payer_id end as counterparty_id,
        *,
    from money_edge
)

select
    party_id,
    counterparty_id,
    coalesce(sum(face_usd) filter (kind = 'invested'), 0) as invested_usd,
    coalesce(sum(face_usd) filter (kind = 'bought'), 0) as bought_back_usd,
    bought_back_usd - invested_usd as net_usd,
    coalesce(sum(weighted_usd) filter (kind = 'invested'), 0) as invested_weighted_usd,
    coalesce(sum(weighted_usd) filter (kind = 'bought'), 0) as bought_back_weighted_usd,
    bought_back_weighted_usd - invested_weighted_usd as net_weighted_usd,
    invested_usd > 0 and bought_back_usd > 0 as is_circular,
    min(announced_on) as first_announced_on,
    max(announced_on) as last_announced_on,
    count(*) as deal_count,
from edge
group by party_id, counterparty_id
order by party_id, counterparty_id;
comment on view circular_flow is 'Money that a party invested in a counterparty and that comes back as purchases; one row per ordered pair [USD]';
