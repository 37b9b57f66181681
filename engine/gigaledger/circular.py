"""Money that goes round: who invests in whom and is paid back, and the largest circulation among all parties."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from gigaledger.circulation import cycles_of, largest_circulation, largest_return
from gigaledger.results import interval

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping

    import polars as pl

    from gigaledger.circulation import Edge
    from gigaledger.ledger import Ledger

_DEAL_KEYS = ("deal_id", "kind", "layer", "status", "announced_on", "face_usd", "counted_usd", "weighted_usd")


def circular(ledger: Ledger, *, as_of: dt.date | None = None) -> dict[str, Any]:
    """All money between parties by pair, what each party invested and got back, and the largest circulation.

    Args:
        ledger: an open ledger.
        as_of: only facts known on this day; none: the newest `known_on` of the ledger.

    Returns:
        The document of `gigaledger circular --json`. pairs: one per ordered pair, with its deals; parties: what each
        invested, what the parties in which it invested buy from it, and what of its payments returns; circulation: at
        face value, with `weighted` (by status) and `with_implied` beside it; implied: what cloud contracts buy in
        chips, with intervals, kept apart from what is stated. Dollars, each counted once.
    """
    day = as_of or ledger.as_of
    ledger.install_formulas("circular_flow_as_of", "implied_edge_as_of", "deal_year")
    with ledger.keeping() as keep:
        _keep_edges(ledger, keep, day)
        edges = ledger.records("from money_edge_as_of($1::date) order by deal_id", [day])
        pairs = ledger.records("from circular_flow_as_of($1::date)", [day])
        implied = ledger.records("from implied_edge_as_of($1::date)", [day])
    names = dict(ledger.rows("select organization_id, name from organization"))
    stated, weighted = (_sums(edges, key) for key in ("counted_usd", "weighted_usd"))
    circulation = _circulation(stated)
    return {
        "as_of": day.isoformat(),
        "pairs": _pairs(pairs, edges, names),
        "parties": _parties(stated, pairs, circulation, names),
        "circulation": {
            **_described(circulation, stated),
            "weighted": _described(_circulation(weighted), weighted),
            "with_implied": _with_implied(stated, implied),
        },
        "implied": [_implied(row) for row in implied],
        "draws": ledger.rows("select draw_count from run")[0][0],
        "seed": ledger.rows("select seed from run")[0][0],
        "notes": ledger.notes,
    }


def circular_frame(ledger: Ledger, as_of: dt.date | None) -> pl.DataFrame:
    """Money by pair, one row per ordered pair of parties."""
    ledger.install("counting")
    return ledger.frame("from circular_flow_as_of($1::date)", [as_of or ledger.as_of])


def _keep_edges(ledger: Ledger, keep: Callable[[str, str, list[Any]], None], day: dt.date) -> None:
    """Compute the edges once, and rate what the implied legs need."""
    for macro in ("deal_line_as_of", "site_line_as_of", "deal_money_as_of", "money_edge_as_of"):
        keep(macro, "as_of", [day])
    ledger.rate("from deal_year where deal_id in (select deal_id from money_edge_as_of($1::date))", [day])


def _sums(edges: Iterable[Mapping[str, Any]], key: str) -> dict[Edge, float]:
    """What the first party of a pair pays the second one, over all deals and kinds [USD]."""
    sums: defaultdict[Edge, float] = defaultdict(float)
    for edge in edges:
        if edge[key]:
            sums[edge["payer_id"], edge["payee_id"]] += edge[key]
    return dict(sums)


def _circulation(amounts: Mapping[Edge, float]) -> dict[Edge, float]:
    """The largest circulation, edges in the order of their names."""
    return dict(sorted(largest_circulation(amounts).items()))


def _described(flows: Mapping[Edge, float], amounts: Mapping[Edge, float]) -> dict[str, Any]:
    """A circulation: what flows on its edges, as cycles, and of how much money."""
    return {
        "total_usd": sum(flows.values()),
        "paid_usd": sum(amounts.values()),
        "edges": [
            {"payer_id": payer, "payee_id": payee, "amount_usd": amounts[payer, payee], "flow_usd": flow}
            for (payer, payee), flow in flows.items()
        ],
        "cycles": [{"party_ids": list(parties), "usd": usd} for parties, usd in cycles_of(flows)],
    }


def _with_implied(stated: Mapping[Edge, float], implied: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The circulation with what cloud contracts buy in chips [mean], where it exceeds what is stated."""
    means: defaultdict[Edge, float] = defaultdict(float)
    for row in implied:
        means[row["payer_id"], row["payee_id"]] += row["amount_usd_mean"]
    amounts = {edge: max(stated.get(edge, 0.0), means.get(edge, 0.0)) for edge in {*stated, *means}}
    described = _described(_circulation(amounts), amounts)
    for edge in described["edges"]:
        edge["is_implied"] = edge["amount_usd"] > stated.get((edge["payer_id"], edge["payee_id"]), 0.0)
    return described


def _pairs(
    pairs: Iterable[Mapping[str, Any]], edges: Iterable[Mapping[str, Any]], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Ordered pairs, those between which money goes both ways first, the largest first, with their deals."""
    deals: defaultdict[Edge, list[dict[str, Any]]] = defaultdict(list)
    for edge in edges:
        pair = (edge["payer_id"], edge["payee_id"])
        deals[pair if edge["kind"] == "invested" else pair[::-1]].append({key: edge[key] for key in _DEAL_KEYS})
    listed = [
        {
            **{key: value for key, value in row.items() if key != "deal_count"},
            "party": names.get(row["party_id"]),
            "counterparty": names.get(row["counterparty_id"]),
            "deals": deals[row["party_id"], row["counterparty_id"]],
        }
        for row in pairs
    ]
    return sorted(
        listed,
        key=lambda row: (
            not row["is_circular"],
            -min(row["invested_usd"], row["bought_back_usd"]),
            -max(row["invested_usd"], row["bought_back_usd"]),
            row["party_id"],
            row["counterparty_id"],
        ),
    )


def _parties(
    stated: Mapping[Edge, float],
    pairs: Iterable[Mapping[str, Any]],
    flows: Mapping[Edge, float],
    names: Mapping[str, str],
) -> list[dict[str, Any]]:
    """What each party pays, invests, gets back from those in which it invested, and what of its payments returns."""
    invested: defaultdict[str, float] = defaultdict(float)
    bought_back: defaultdict[str, float] = defaultdict(float)
    for row in pairs:
        if row["invested_usd"] > 0:
            invested[row["party_id"]] += row["invested_usd"]
            bought_back[row["party_id"]] += row["bought_back_usd"]
    listed = []
    for party in sorted({party for edge in stated for party in edge}):
        paid = sum(amount for (payer, _), amount in stated.items() if payer == party)
        through = {payee: flow for (payer, payee), flow in flows.items() if payer == party}
        back = {payer: flow for (payer, payee), flow in flows.items() if payee == party}
        returns = sum(through.values())
        listed.append(
            {
                "party_id": party,
                "name": names.get(party),
                "paid_usd": paid,
                "received_usd": sum(amount for (_, payee), amount in stated.items() if payee == party),
                "invested_usd": invested[party],
                "bought_back_usd": bought_back[party],
                "net_usd": bought_back[party] - invested[party],
                "returns_usd": returns,
                "returns_share": returns / paid if paid else None,
                "returns_at_most_usd": largest_return(stated, party),
                "pays_through": _ranked(through),
                "returns_through": _ranked(back),
            }
        )
    return sorted(listed, key=lambda row: (-row["returns_usd"], -row["invested_usd"], row["party_id"]))


def _ranked(flows: Mapping[str, float]) -> list[dict[str, Any]]:
    """Parties with their flows, the largest first."""
    return [{"party_id": party, "usd": usd} for party, usd in sorted(flows.items(), key=lambda one: (-one[1], one[0]))]


def _implied(row: Mapping[str, Any]) -> dict[str, Any]:
    """One implied leg with its intervals."""
    return {
        **{key: row[key] for key in ("deal_id", "payer_id", "payee_id", "status", "announced_on", "contract_usd")},
        "chip_is_assumed": row["chip_is_assumed"],
        "amount": interval(row, "amount_usd", "USD"),
        "contract_share": interval(row, "contract_share", "share"),
    }
