-- The delivery years by which a deal can be rated: the stated one, or all that delivery_lag_years may lead to.
-- One row per deal and delivery year.
create or replace view deal_year as
with lag as (
    select
        round(list_min(draws))::integer as least,
        round(list_max(draws))::integer as most,
    from assumption_draw
    where assumption_key = 'delivery_lag_years@*@*'
)

select
    deal_id,
    chip_id,
    year,
from deal_path
where year is not null
union
select
    deal_path.deal_id,
    deal_path.chip_id,
    rated_year(unnest(range(deal_path.announced_year + lag.least, deal_path.announced_year + lag.most + 1))) as year,
from deal_path
cross join lag
where deal_path.year is null;
comment on view deal_year is 'Delivery years by which a deal can be rated; one row per deal and delivery year';
