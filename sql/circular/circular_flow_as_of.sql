-- Money between two organisations at a date: what the party invested in the counterparty, and what the counterparty buys from the
-- party. net: bought back less invested, so a negative net is money that the party has put in and not got back. Each dollar counts
-- once (counted_usd of money_edge); beside the face values stand those weighted by status (status_weight).
-- One row per ordered pair between which reckoned money goes.
create or replace macro circular_flow_as_of(as_of) as table
with edge as (
    select
        case when kind = 'invested' then payer_id else payee_id end as party_id,
        case when kind = 'invested' then payee_id else payer_id end as counterparty_id,
        *,
    from money_edge_as_of(as_of)
    where counted_usd > 0
)

select
    party_id,
    counterparty_id,
    coalesce(sum(counted_usd) filter (kind = 'invested'), 0) as invested_usd,
    coalesce(sum(counted_usd) filter (kind = 'bought'), 0) as bought_back_usd,
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
comment on macro table circular_flow_as_of is 'Money that a party invested in a counterparty and that comes back as purchases, at a date; one row per ordered pair [USD]';
