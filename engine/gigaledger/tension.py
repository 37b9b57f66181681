"""The back-test: where a deal or a site states two quantities, each is converted into the other and held against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gigaledger.results import interval

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    import polars as pl

    from gigaledger.ledger import Ledger

SUMMARY = ("pair_count", "coverage", "median_factor", "median_width", "median_ratio")


def tension(ledger: Ledger, *, as_of: dt.date | None = None) -> dict[str, Any]:
    """Every pair of statements with the ratio of the one, converted, over the other, and how good the conversions are.

    Args:
        ledger: an open ledger.
        as_of: only facts known on this day; none: the newest `known_on` of the ledger.

    Returns:
        The document of `gigaledger tension --json`. rows: one per pair, worst first, deals before sites; agrees is null
        where a pair is not scored. coverage [share], median_factor [ratio] and median_width [p95 over p05] are over all
        pairs that are scored, null where none is; summary has them by witness and pair type.
    """
    day = as_of or ledger.as_of
    with ledger.keeping() as keep:
        _keep_pairs(ledger, keep, day)
        keep("tension_as_of", "as_of", [day])
        records = ledger.records("from tension_as_of($1::date)", [day])
        summary = ledger.records("from tension_summary_as_of($1::date)", [day])
    overall = next(row for row in summary if row["witness"] is None)
    return {
        "as_of": day.isoformat(),
        "rows": [_row(record) for record in records],
        "pair_count": len(records),
        "scored_count": overall["pair_count"],
        **{name: overall[name] for name in SUMMARY[1:]},
        "summary": [row for row in summary if row["witness"] is not None],
        "draws": ledger.rows("select draw_count from run")[0][0],
        "seed": ledger.rows("select seed from run")[0][0],
        "notes": ledger.notes,
    }


def tension_frame(ledger: Ledger, as_of: dt.date | None) -> pl.DataFrame:
    """The pairs, one row each."""
    day = as_of or ledger.as_of
    with ledger.keeping() as keep:
        _keep_pairs(ledger, keep, day)
        return ledger.frame("from tension_as_of($1::date)", [day])


def _keep_pairs(ledger: Ledger, keep: Callable[[str, str, list[Any]], None], day: dt.date) -> None:
    """Compute the pairs and their draws once: their ratios and what drives them both need them."""
    ledger.install_formulas("tension_as_of", "tension_summary_as_of", "rated_pair")
    ledger.rate("from rated_pair")
    for macro in ("site_line_as_of", "deal_pair_as_of", "site_pair_as_of", "pair_draw_as_of"):
        keep(macro, "as_of", [day])


def _row(record: dict[str, Any]) -> dict[str, Any]:
    """One pair: its statements, the ratio as an interval, and what would have to move for them to agree."""
    names = ("deal_id", "site_id", "pair_type", "chip_id", "year", "agrees")
    sides = ("statement", "measure", "qualifier", "face_amount", "unit")
    return {
        **{name: record[name] for name in names},
        **{f"{name}_{side}": record[f"{name}_{side}"] for side in "ab" for name in sides},
        "ratio": interval(record, "ratio", "ratio"),
        "driver": record["driver"]
        and {
            "assumption_id": record["driver"],
            "variance_share": record["driver_variance_share"],
            "factor": record["driver_factor"],
        },
    }
