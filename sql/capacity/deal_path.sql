-- How the amounts of a deal are rated: chip or mix, builder, delivery year and term; what the deal does not state is assumed and said.
-- Chip: its own, that of the deal that contains it, the mix of the seller, the buyer or the beneficiary, that of the kind of the
-- owner of the chips (the seller of a cloud, the buyer of a campus or of chips), the industry mix.
-- Builder: the kind of the party that spends, the seller of a site, else the buyer.
-- Year: of starts_on; else the year of the announcement plus delivery_lag_years. Term: stated, or from first to last day.
-- One row per deal.
create or replace view deal_path as
with mix as (
    select distinct mix_id
    from chip_mix
),

kind_mix as (
    select
        organization.organization_id,
        mix.mix_id,
    from organization
    inner join mix on concat(organization.kind, '-mix') = mix.mix_id
)

select
    deal.deal_id,
    coalesce(
        deal.chip_id,
        whole.chip_id,
        seller_mix.mix_id,
        buyer_mix.mix_id,
        beneficiary_mix.mix_id,
        kind_mix.mix_id,
        'industry-mix'
    ) as chip_id,
    deal.chip_id is null as chip_is_assumed,
    builder.kind as builder,
    seller.kind as seller_kind,
    rated_year(year(deal.starts_on)) as year,
    year(deal.announced_on) as announced_year,
    coalesce(deal.term_years, date_diff('day', deal.starts_on, deal.ends_on) / 365.25) as term_years,
from deal
left join organization as builder
    on case when deal.layer = 'site' then deal.seller_id else deal.buyer_id end = builder.organization_id
left join organization as seller on deal.seller_id = seller.organization_id
left join deal as whole on deal.part_of = whole.deal_id
left join mix as seller_mix on concat(deal.seller_id, '-mix') = seller_mix.mix_id
left join mix as buyer_mix on concat(deal.buyer_id, '-mix') = buyer_mix.mix_id
left join mix as beneficiary_mix on concat(deal.beneficiary_id, '-mix') = beneficiary_mix.mix_id
left join kind_mix
    on
        case
            when deal.layer = 'cloud' then deal.seller_id
            when deal.layer in ('build', 'chips') then deal.buyer_id
        end = kind_mix.organization_id;
comment on view deal_path is 'Chip or mix, builder, delivery year and term by which the amounts of a deal are rated; one row per deal';
