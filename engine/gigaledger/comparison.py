"""An answer with changed assumptions beside the same answer without: what `--compare` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gigaledger.ledger import Ledger

Document = dict[str, Any]


def compare(
    ask: Callable[[Ledger], Document],
    open_with: Callable[[Mapping[str, tuple[float, float, float]]], Ledger],
    settings: Mapping[str, tuple[float, float, float]],
) -> Document:
    """One question asked of the ledger as it is and of the ledger with changed assumptions.

    Args:
        ask: the question, such as a conversion or the explanation of a deal.
        open_with: opens the ledger with low, best and high of assumptions changed.
        settings: low, best and high by assumption_id or parameter.

    Returns:
        settings, the documents `without` and `with` them, and per measure the median with over the median without
        [ratio] and the width (95th over 5th percentile) of both [ratio].
    """
    without, changed = ask(open_with({})), ask(open_with(settings))
    before, after = results(without), results(changed)
    return {
        "settings": {name: list(percentiles) for name, percentiles in settings.items()},
        "without": without,
        "with": changed,
        "changes": {measure: _change(before[measure], after.get(measure)) for measure in before},
    }


def results(document: Document) -> dict[str, Document | None]:
    """The intervals of an answer by measure, of a conversion or of an explanation."""
    if "results" in document:
        found: dict[str, Document | None] = document["results"]
        return found
    to = document["to"]
    return {to["measure"]: to} if "measure" in to else to


def _change(before: Document | None, after: Document | None) -> Document | None:
    """The median after over the median before, and both widths; null where one of them is unknown."""
    if before is None or after is None:
        return None
    return {
        "median_ratio": _ratio(after["p50"], before["p50"]),
        "width_without": _ratio(before["p95"], before["p05"]),
        "width_with": _ratio(after["p95"], after["p05"]),
    }


def _ratio(numerator: float, denominator: float) -> float | None:
    """The ratio of two amounts, null over zero."""
    return numerator / denominator if denominator else None
