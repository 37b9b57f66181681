-- The top deals of a programme: those not inside another deal of it. One row per programme and top deal.
create or replace view top_deal as
select
    deal.programme_id,
    deal.deal_id,
from deal
where
    deal.programme_id is not null
    and not exists (
        select 1
        from deal_ancestor
        inner join deal as whole on deal_ancestor.ancestor_id = whole.deal_id
        where deal_ancestor.deal_id = deal.deal_id and whole.programme_id = deal.programme_id
    );
comment on view top_deal is 'Deals of a programme that lie in no other deal of it; one row per programme and top deal';
