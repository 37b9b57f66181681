"""What is announced more than once: gross, overlap and counted once by scope, and the tree of what lies in what."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from gigaledger.errors import NotFound, did_you_mean
from gigaledger.reconciliation import DEFAULT_MEASURE
from gigaledger.results import checked_target, interval

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    import polars as pl

    from gigaledger.ledger import Ledger

TOTALS = ("gross", "overlap", "counted_once")
_SCOPES = """
select 'industry' as scope_kind, 'industry' as scope_id, 'The industry' as name
union all
select distinct 'layer', layer, layer from deal
union all
select 'beneficiary', organization_id, name from organization
where organization_id in (select beneficiary_id from deal)
union all
select 'programme', programme_id, name from programme
order by case scope_kind when 'industry' then 1 when 'layer' then 2 when 'beneficiary' then 3 else 4 end, scope_id
"""
_KEPT = (
    "deal_line_as_of",
    "site_line_as_of",
    "overlap_scope_as_of",
    "shared_site_as_of",
    "shared_top_as_of",
    "deal_money_as_of",
    "money_scope_as_of",
    "inclusion_draw_as_of",
    "money_draw_as_of",
)


def overlap(
    ledger: Ledger, scope: str | None = None, *, as_of: dt.date | None = None, measure: str | None = None
) -> dict[str, Any]:
    """Gross of all announcements, what of it is told more than once, and what is counted once.

    Args:
        ledger: an open ledger.
        scope: a beneficiary, a programme or a layer, by id or name, or `industry`; none: all of them.
        as_of: only facts known on this day; none: the newest `known_on` of the ledger.
        measure: the measure of capacity; none: IT power.

    Returns:
        The document of `gigaledger overlap --json`. scopes: each with its layers (`all`: across layers, no sum of them)
        and its money by kind; tree: of one scope, its outermost deals with what lies in them.

    Raises:
        NotFound: no such beneficiary, programme or layer.
        UnknownMeasure, NotCapacity: no such measure, or one that is never capacity.
    """
    main = checked_target(ledger, measure or DEFAULT_MEASURE)
    day = as_of or ledger.as_of
    chosen = chosen_scopes(ledger, scope)
    ledger.install("counting")
    with ledger.keeping() as keep:
        _keep_shared(ledger, keep, day)
        capacity = _by_scope(ledger.records("from overlap_as_of($1::date, measures := [$2])", [day, main]))
        money = _by_scope(ledger.records("from money_overlap_as_of($1::date)", [day]))
        tree = containment_tree(ledger, chosen[0], day, main) if scope is not None else None
    return {
        "as_of": day.isoformat(),
        "measure": main,
        "scopes": [
            {
                **one,
                "layers": [_layer(row) for row in capacity[one["scope_kind"], one["scope_id"]]],
                "money": [_money(row) for row in money[one["scope_kind"], one["scope_id"]]],
            }
            for one in chosen
        ],
        **({"tree": tree} if tree is not None else {}),
        "draws": ledger.rows("select draw_count from run")[0][0],
        "seed": ledger.rows("select seed from run")[0][0],
        "notes": ledger.notes,
    }


def overlap_frame(ledger: Ledger, scope: str | None, as_of: dt.date | None, measure: str | None) -> pl.DataFrame:
    """Gross, overlap and counted once, one row per scope, layer and measure."""
    day = as_of or ledger.as_of
    chosen = chosen_scopes(ledger, scope)
    measures = [checked_target(ledger, measure)] if measure else None
    ledger.install("counting")
    with ledger.keeping() as keep:
        _keep_shared(ledger, keep, day)
        return ledger.frame(
            "from overlap_as_of($1::date, measures := $2::varchar[]) "
            "where list_contains($3::varchar[], concat(scope_kind, ' ', scope_id))",
            [day, measures, [f"{one['scope_kind']} {one['scope_id']}" for one in chosen]],
        )


def _keep_shared(ledger: Ledger, keep: Callable[[str, str, list[Any]], None], day: dt.date) -> None:
    """Compute once what several steps of the overlap need."""
    for macro in _KEPT:
        keep(macro, "as_of", [day])
    ledger.rate("from reckoned_pair_as_of($1::date)", [day])


def chosen_scopes(ledger: Ledger, scope: str | None) -> list[dict[str, Any]]:
    """The scopes asked for: industry, layers, beneficiaries and programmes, in this order."""
    every = ledger.records(_SCOPES)
    if scope is None:
        return every
    chosen = [one for one in every if scope in {one["scope_id"], one["name"]}]
    if not chosen:
        names = [one["scope_id"] for one in every]
        raise NotFound(
            f"no beneficiary, programme or layer {scope!r}; expected one such as "
            f"{', '.join(names[:3] + names[-3:])}{did_you_mean(scope, names)}"
        )
    return chosen[:1]


def _by_scope(records: Iterable[dict[str, Any]]) -> defaultdict[tuple[str, str], list[dict[str, Any]]]:
    """Records by kind and id of their scope."""
    grouped: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        grouped[record["scope_kind"], record["scope_id"]].append(record)
    return grouped


def _layer(record: dict[str, Any]) -> dict[str, Any]:
    """One layer of a scope."""
    return {
        "layer": record["layer"],
        "deal_count": record["deal_count"],
        "top_deal_count": record["top_deal_count"],
        **{name: interval(record, name, record["unit"]) for name in TOTALS},
        "overlap_by_reason_mean": {name: record[f"{name}_mean"] for name in ("inside", "shared", "included")},
    }


def _money(record: dict[str, Any]) -> dict[str, Any]:
    """One kind of money of a scope, at face value and with intervals."""
    return {
        "money_kind": record["money_kind"],
        "deal_count": record["deal_count"],
        "top_deal_count": record["top_deal_count"],
        **{f"{name}_face_usd": record[f"{name}_face_usd"] for name in TOTALS},
        **{name: interval(record, f"{name}_usd", "USD") for name in TOTALS},
    }


_DEALS = """
select
    deal.deal_id, deal.title, deal.layer, deal.status, deal.beneficiary_id, deal.programme_id, deal.part_of,
    capacity.unit, capacity.amount_mean, capacity.amount_p05, capacity.amount_p50, capacity.amount_p95,
    money.face_usd, money.money_kind
from deal
left join (
    from deal_capacity_as_of($1::date, measures := [$2])
    select deal_id, unit, amount_mean, amount_p05, amount_p50, amount_p95
) as capacity using (deal_id)
left join deal_money_as_of($1::date) as money using (deal_id)
left join (select deal_id, min(known_on) as known_on from statement group by deal_id) as said using (deal_id)
where coalesce(said.known_on, deal.announced_on) <= $1
order by coalesce(money.face_usd, 0) desc, coalesce(capacity.amount_mean, 0) desc, deal.deal_id
"""


def containment_tree(ledger: Ledger, scope: dict[str, Any], day: dt.date, measure: str) -> list[dict[str, Any]]:
    """The outermost deals of a scope, each with the deals inside it, the sites where it stands, and what it shares."""
    deals = {row["deal_id"]: row for row in ledger.records(_DEALS, [day, measure])}
    links: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in ledger.records("from containment_as_of($1::date)", [day]):
        links[row["part_id"]].append(row)
        if row["relation"] == "shares_site":
            links[row["whole_id"]].append({**row, "part_id": row["whole_id"], "whole_id": row["part_id"]})
    names = dict(ledger.rows("select site_id, name from site"))
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for deal_id, row in deals.items():
        if row["part_of"] is not None:
            parts[row["part_of"]].append(deal_id)
    members = {deal_id for deal_id, row in deals.items() if _is_in(row, scope)}

    def node(deal_id: str, relation: str | None) -> dict[str, Any]:
        row, own = deals[deal_id], links[deal_id]
        return {
            **{key: row[key] for key in ("deal_id", "title", "layer", "status", "face_usd", "money_kind")},
            "relation": relation,
            "evidence": next((link["evidence"] for link in own if link["relation"] == relation), None),
            "source_id": next((link["source_id"] for link in own if link["relation"] == relation), None),
            "amount": interval(row, "amount", row["unit"]),
            "sites": [
                {"name": names[link["whole_id"]], **_linked(link, "site_id")}
                for link in own
                if link["relation"] == "stands_at"
            ],
            "included_in": [_linked(link, "whole_id") for link in own if link["relation"] == "included_in"],
            "shares_site": [
                {"site_id": link["site_id"], **_linked(link, "whole_id")}
                for link in own
                if link["relation"] == "shares_site"
            ],
            "parts": [node(part, _relation(links[part])) for part in parts[deal_id]],
        }

    inner = {deal_id for deal_id in members if _has_ancestor(deal_id, deals, members)}
    return [node(deal_id, None) for deal_id in deals if deal_id in members - inner]


def _is_in(row: dict[str, Any], scope: dict[str, Any]) -> bool:
    """Whether a deal belongs to a scope."""
    column = {"programme": "programme_id", "beneficiary": "beneficiary_id", "layer": "layer"}.get(scope["scope_kind"])
    return column is None or row[column] == scope["scope_id"]


def _has_ancestor(deal_id: str, deals: dict[str, dict[str, Any]], members: set[str]) -> bool:
    """Whether a deal lies inside one of some deals."""
    whole = deals[deal_id]["part_of"]
    while whole is not None and whole in deals:
        if whole in members:
            return True
        whole = deals[whole]["part_of"]
    return False


def _relation(links: Iterable[dict[str, Any]]) -> str | None:
    """What a deal is to the deal that it is part of."""
    others = {"stands_at", "included_in", "shares_site"}
    return next((link["relation"] for link in links if link["relation"] not in others), None)


def _linked(link: dict[str, Any], key: str) -> dict[str, Any]:
    """What a deal is linked to, with the share and the evidence."""
    name = "deal_id" if key == "whole_id" else key
    return {name: link[key], **{one: link[one] for one in ("share_best", "evidence", "source_id")}}
