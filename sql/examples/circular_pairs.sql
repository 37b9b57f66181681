-- Between which two does money go round: invested by the one, and coming back to it as purchases of the other? [B USD]
select
    party.name as party,
    counterparty.name as counterparty,
    circular_flow.invested_usd / 1e9 as invested_busd,
    circular_flow.bought_back_usd / 1e9 as bought_back_busd,
    circular_flow.net_usd / 1e9 as net_busd,
    least(invested_busd, bought_back_busd) as round_busd,
from circular_flow
inner join organization as party on circular_flow.party_id = party.organization_id
inner join organization as counterparty on circular_flow.counterparty_id = counterparty.organization_id
where circular_flow.is_circular
order by round_busd desc, party, counterparty;
