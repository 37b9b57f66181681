-- Dollars that one organisation pays another under a deal, at face value.
-- kind `invested`: equity and debt, from the investor or lender (buyer) to the receiver (seller, else beneficiary); `bought`: the
-- price of chips, cloud, sites and building, from buyer to seller: the widest price that the deal states, a yearly price times its
-- term (assumed where the deal has none). A deal inside another one with money of the same kind between the same two is left out,
-- and so are cancelled deals. One row per deal.
create or replace view money_edge as
with assumed_term as (
    select
        case when parameter = 'lease_term_years' then 'lease_spend' else 'cloud_spend' end as measure,
        best as years,
    from assumption_row
    where parameter in ('lease_term_years', 'cloud_term_years') and applies_to = '*' and year = '*'
),

priced as (
    select
        deal.deal_id,
        case when deal.layer in ('equity', 'debt') then 'invested' else 'bought' end as kind,
        deal.buyer_id as payer_id,
        case
            when deal.layer in ('equity', 'debt') then coalesce(deal.seller_id, deal.beneficiary_id)
            else deal.seller_id
        end as payee_id,
        deal.layer,
        deal.status,
        deal.announced_on,
        said.measure,
        said.qualifier,
        said.face_amount
        * case
            when said.measure in ('cloud_spend', 'lease_spend') then coalesce(deal_path.term_years, assumed_term.years)
            else 1
        end as face_usd,
        list_position(
            [
                'equity', 'debt', 'cloud_contract', 'lease_contract', 'total_capex', 'unstated_capex', 'it_capex', 'chip_capex',
                'site_capex', 'cloud_spend', 'lease_spend',
            ],
            said.measure
        ) as preference,
    from deal
    inner join deal_path using (deal_id)
    inner join newest_statement as said using (deal_id)
    left join assumed_term using (measure)
    where
        deal.layer in ('equity', 'debt', 'chips', 'cloud', 'site', 'build')
        and deal.status <> 'cancelled'
        and payer_id <> payee_id
        and preference is not null
        and face_usd is not null
),

widest as (
    select *
    from priced
    qualify row_number() over (partition by deal_id order by preference) = 1
)

select
    widest.deal_id,
    widest.kind,
    widest.payer_id,
    widest.payee_id,
    widest.layer,
    widest.status,
    widest.announced_on,
    widest.measure,
    widest.qualifier,
    widest.face_usd,
    widest.face_usd * status_weight(widest.status) as weighted_usd,
from widest
where not exists (
    select 1
    from deal_ancestor
    inner join widest as whole on deal_ancestor.ancestor_id = whole.deal_id
    where
        deal_ancestor.deal_id = widest.deal_id
        and whole.kind = widest.kind
        and whole.payer_id = widest.payer_id
        and whole.payee_id = widest.payee_id
);
comment on view money_edge is 'Dollars that one organisation pays another under a deal, at face value; one row per deal [USD]';
