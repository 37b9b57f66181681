-- Dollars that the outermost deals of a scope tell of each other at a date through inclusions, draw by draw and at face value (at the
-- best share): the included share of the part, at most the deal that includes it. One row per scope, kind of money and draw.
create or replace macro included_money_as_of(as_of) as table
with placed as materialized (
    select *
    from money_scope_as_of(as_of)
),

held as materialized (
    select
        part.scope_kind,
        part.scope_id,
        part.money_kind,
        inclusion.part_id,
        inclusion.whole_id,
        inclusion.share_best,
        part.face_usd as part_face_usd,
        whole.face_usd as whole_face_usd,
    from inclusion
    inner join placed as part on inclusion.part_id = part.deal_id
    inner join placed as whole
        on
            inclusion.whole_id = whole.deal_id
            and part.scope_kind = whole.scope_kind
            and part.scope_id = whole.scope_id
            and part.money_kind = whole.money_kind
    where inclusion.known_on <= as_of and part.top_deal_id <> whole.top_deal_id
    qualify row_number() over (
        partition by part.scope_kind, part.scope_id, part.money_kind, inclusion.part_id, inclusion.whole_id
        order by inclusion.known_on desc, inclusion.inclusion_id
    ) = 1
),

money as materialized (
    select *
    from money_draw_as_of(as_of)
)

select
    held.scope_kind,
    held.scope_id,
    held.money_kind,
    part.draw,
    sum(least(share.share * part.amount_usd, whole.amount_usd)) as included,
    sum(least(held.share_best * held.part_face_usd, held.whole_face_usd)) as included_face_usd,
from held
inner join inclusion_draw_as_of(as_of) as share using (part_id, whole_id)
inner join money as part on held.part_id = part.deal_id and share.draw = part.draw
inner join money as whole on held.whole_id = whole.deal_id and share.draw = whole.draw
group by held.scope_kind, held.scope_id, held.money_kind, part.draw;
comment on macro table included_money_as_of is 'Dollars that the outermost deals of a scope tell of each other through inclusions, draw by draw; one row per scope, kind of money and draw [USD]';
