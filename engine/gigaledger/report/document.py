"""The data of the page, once: the rows of every chart, and what opens behind each number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gigaledger.bulk_day import SUMMARIES, keep_day
from gigaledger.bulk_draws import keep_draws
from gigaledger.bulk_overlap import keep_overlap
from gigaledger.bulk_rates import keep_rates
from gigaledger.circular import circular
from gigaledger.figures import figure
from gigaledger.plots.frames import (
    account_rows,
    circular_rows,
    overlap_rows,
    quarter_rows,
    site_rows,
    tension_rows,
)
from gigaledger.plots.places import outlines
from gigaledger.plots.scales import BILLION, SCALES
from gigaledger.reconciliation import SHOWN_MEASURES, reconcile
from gigaledger.report.derivations import RATED_PAIRS, assumptions, deal_derivations, site_derivations, sources
from gigaledger.tension import tension

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    import polars as pl

    from gigaledger.ledger import Ledger

# What a reader wants first; where a ledger has no such programme, its largest pledge.
HEADLINE_PROGRAMME = "anthropic-50b-texas-new-york"
# The formulas that are asked here, beside those of the summaries.
_FORMULAS = (
    "build_out_by_quarter_as_of",
    "circular_flow_as_of",
    "deal_ancestor",
    "deal_capacity_as_of",
    "money_edge_as_of",
    "overlap_as_of",
    "rate_interval",
    "site_capacity_as_of",
)


def page_document(ledger: Ledger, as_of: dt.date | None = None) -> dict[str, Any]:
    """Everything that the page shows.

    Args:
        ledger: an open ledger.
        as_of: only facts known on this day; none: the newest `known_on`.

    Returns:
        meta; charts: the rows of each chart by column; programmes, deals, sites, sources: what opens behind a number;
        outlines of the map. Texts are as the datasets have them: who writes the page escapes them.
    """
    day = as_of or ledger.as_of
    ledger.install_formulas(*SUMMARIES, *_FORMULAS)
    measures = list(SHOWN_MEASURES)
    reconciliation = reconcile(ledger, as_of=day)
    tensions = tension(ledger, as_of=day)
    money = circular(ledger, as_of=day)
    frames = {
        "accounts": account_rows(reconciliation),
        "circular": circular_rows(ledger, day),
        "tension": tension_rows(tensions),
    }
    inside = ledger.rows(_INSIDE)
    with ledger.keeping() as keep:
        drawn = keep_day(ledger, keep, day)
        keep_draws(ledger, keep, drawn.facts)
        keep_overlap(ledger, keep, drawn.facts, day)
        keep_rates(ledger, keep, RATED_PAIRS)
        deals = deal_derivations(ledger, day)
        frames |= {
            "quarters": quarter_rows(ledger, day),
            "sites": site_rows(ledger, day, measures),
            "overlap": overlap_rows(ledger, day, measures),
        }
    return {
        "meta": {
            "as_of": day.isoformat(),
            "draws": reconciliation["draws"],
            "seed": reconciliation["seed"],
            "notes": ledger.notes,
            "headline": _headline(reconciliation["programmes"]),
            "measures": {
                name: {"label": scale.label, "unit": scale.unit} for name, scale in SCALES.items() if name in measures
            },
            "circulation": figure(money["circulation"]["total_usd"] / BILLION),
            "tension": {name: tensions[name] for name in ("pair_count", "scored_count", "coverage", "median_factor")},
        },
        "charts": {name: packed(frame) for name, frame in frames.items()},
        "programmes": {one["programme_id"]: _programme(one) for one in reconciliation["programmes"]},
        "deals": deals,
        "inside": _inside(inside, deals),
        "money": _money(ledger, day),
        "sites": site_derivations(ledger, day),
        "assumptions": assumptions(ledger),
        "sources": sources(ledger),
        "outlines": outlines(),
    }


def packed(frame: pl.DataFrame) -> dict[str, Any]:
    """A frame by column; texts once, with the place of each row's text among them."""
    import polars as pl

    columns: dict[str, Any] = {}
    for column in frame.iter_columns():
        values = column.to_list()
        if column.dtype == pl.String:
            texts = list(dict.fromkeys(values))
            place = {text: number for number, text in enumerate(texts)}
            columns[column.name] = {"texts": texts, "rows": [place[value] for value in values]}
        else:
            columns[column.name] = [_short(value) for value in values]
    return columns


def _short(value: Any) -> Any:
    """A number without digits that say nothing: 40 rather than 40.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _headline(programmes: Iterable[Mapping[str, Any]]) -> str | None:
    """The programme that the page opens with."""
    known = [one for one in programmes if one["pledged"]]
    if any(one["programme_id"] == HEADLINE_PROGRAMME for one in known):
        return HEADLINE_PROGRAMME
    largest = max(known, key=lambda one: (one["pledged"]["p50"], one["programme_id"]), default=None)
    return largest["programme_id"] if largest else None


def _programme(one: Mapping[str, Any]) -> dict[str, Any]:
    """What opens behind the numbers of a programme: deals, sites with their shares, and what drives the remainder."""
    return {
        "name": one["name"],
        "description": one["description"],
        "reason": one["reason"],
        "met": one["is_met_probability"],
        "drivers": [[row["assumption_id"], row["variance_share"]] for row in one["drivers"]],
        "deals": [row["deal_id"] for row in one["pledges"]],
        "sites": [[row["site_id"], row["claim"]["share_best"], row["claim"]["confidence"]] for row in one["sites"]],
    }


def _inside(pairs: Iterable[tuple[str, str, str]], deals: Mapping[str, Any]) -> dict[str, list[list[str]]]:
    """By beneficiary: the deals that lie in another deal for the same one, as pairs of part and whole."""
    found: dict[str, Any] = {}
    for scope, part, whole in pairs:
        if part in deals and whole in deals:
            found.setdefault(scope, []).append([part, whole])
    return found


_INSIDE = """
select part.beneficiary_id, part.deal_id, whole.deal_id
from deal_ancestor
inner join deal as part using (deal_id)
inner join deal as whole on deal_ancestor.ancestor_id = whole.deal_id
where
    deal_ancestor.distance = 1
    and part.beneficiary_id = whole.beneficiary_id
    and part.deal_id in (select deal_id from deal_line_as_of((select as_of from newest_known_on)))
order by all
"""


def _money(ledger: Ledger, day: dt.date) -> dict[str, list[list[Any]]]:
    """By pair of the money circle: deal, what it is, and what of its face value no other deal tells [billion USD]."""
    found: dict[str, Any] = {}
    for pair, deal, kind, counted_usd in ledger.rows(_MONEY, [day]):
        found.setdefault(pair, []).append([deal, kind, figure(counted_usd / BILLION)])
    return found


_MONEY = """
select concat(flow.party_id, ' ', flow.counterparty_id) as pair, edge.deal_id, edge.kind, edge.counted_usd
from circular_flow_as_of($1::date) as flow
inner join money_edge_as_of($1::date) as edge
    on edge.kind = 'invested' and edge.payer_id = flow.party_id and edge.payee_id = flow.counterparty_id
        or edge.kind = 'bought' and edge.payer_id = flow.counterparty_id and edge.payee_id = flow.party_id
where flow.is_circular and edge.counted_usd > 0
order by all
"""
