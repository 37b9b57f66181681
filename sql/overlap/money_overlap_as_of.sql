-- Dollars of all announcements, what of them lies inside others, and what is counted once, at a date: at face value, and with
-- intervals where a source says about, up to or at least. Capacity is not converted here: only stated dollars count.
-- One row per scope and kind of money (commitment, equity, debt, guarantee).
create or replace macro money_overlap_as_of(as_of) as table
with by_draw as (
    select
        scope.scope_kind,
        scope.scope_id,
        scope.money_kind,
        money.draw,
        sum(money.amount_usd) as gross,
        sum(case when scope.is_inside then money.amount_usd else 0 end) + coalesce(any_value(twice.included), 0) as overlap,
        coalesce(any_value(twice.included_face_usd), 0) as included_face_usd,
        gross - overlap as counted_once,
    from money_scope_as_of(as_of) as scope
    inner join money_draw_as_of(as_of) as money using (deal_id, money_kind)
    left join included_money_as_of(as_of) as twice using (scope_kind, scope_id, money_kind, draw)
    group by scope.scope_kind, scope.scope_id, scope.money_kind, money.draw
),

face as (
    select
        scope_kind,
        scope_id,
        money_kind,
        sum(face_usd) as gross_face_usd,
        sum(face_usd) filter (not is_inside) as outermost_face_usd,
        count(*) as deal_count,
        count(*) filter (not is_inside) as top_deal_count,
    from money_scope_as_of(as_of)
    group by scope_kind, scope_id, money_kind
),

summary as (
    select
        scope_kind,
        scope_id,
        money_kind,
        any_value(included_face_usd) as included_face_usd,
        avg(gross) as gross_usd_mean,
        quantile_cont(gross, [0.05, 0.50, 0.95]) as gross,
        avg(overlap) as overlap_usd_mean,
        quantile_cont(overlap, [0.05, 0.50, 0.95]) as overlap,
        avg(counted_once) as counted_once_usd_mean,
        quantile_cont(counted_once, [0.05, 0.50, 0.95]) as counted_once,
    from by_draw
    group by scope_kind, scope_id, money_kind
)

select
    scope_kind,
    scope_id,
    money_kind,
    face.gross_face_usd,
    face.gross_face_usd - face.outermost_face_usd + included_face_usd as overlap_face_usd,
    face.outermost_face_usd - included_face_usd as counted_once_face_usd,
    gross_usd_mean,
    gross[1] as gross_usd_p05,
    gross[2] as gross_usd_p50,
    gross[3] as gross_usd_p95,
    overlap_usd_mean,
    overlap[1] as overlap_usd_p05,
    overlap[2] as overlap_usd_p50,
    overlap[3] as overlap_usd_p95,
    counted_once_usd_mean,
    counted_once[1] as counted_once_usd_p05,
    counted_once[2] as counted_once_usd_p50,
    counted_once[3] as counted_once_usd_p95,
    face.deal_count,
    face.top_deal_count,
from summary
inner join face using (scope_kind, scope_id, money_kind)
order by scope_kind, scope_id, money_kind;
comment on macro table money_overlap_as_of is 'Dollars of all announcements, overlap, and what is counted once at a date, at face value and with intervals; one row per scope and kind of money [USD]';
