"""The sentences of the page with the numbers of the first measure; its program exchanges them with the measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gigaledger.plots.parts import ACCOUNT_WORDS
from gigaledger.reconciliation import DEFAULT_MEASURE

if TYPE_CHECKING:
    from collections.abc import Mapping

REASONS = {
    "within_interval": "The known sites may already cover the pledge: zero lies inside the interval of the remainder.",
    "over_identified": "More is identified than was pledged.",
    "site_without_figure": "A site is known for the rest, but not its capacity.",
    "unsited": "No site is known for the rest.",
}


def page_words(document: Mapping[str, Any]) -> dict[str, Any]:
    """What the page says before its program runs.

    Returns:
        headline: id, name, description and reason of the programme that opens the page, null without one; labels: the
        text of each account by programme in the first measure; programmes: id and name, the largest pledge first.
    """
    labels: dict[str, dict[str, str]] = {}
    charts = document["charts"]["accounts"]
    columns = {name: _texts(charts[name]) for name in ("programme_id", "account", "measure", "label", "unit")}
    for programme, account, measure, label in zip(
        *(columns[name] for name in ("programme_id", "account", "measure", "label")), strict=True
    ):
        if measure == DEFAULT_MEASURE:
            labels.setdefault(programme, {})[account] = label
    headline = document["meta"]["headline"]
    return {
        "headline": headline and {"id": headline, **document["programmes"][headline]},
        "reason": REASONS.get(document["programmes"][headline]["reason"], "") if headline else "",
        "reasons": REASONS,
        "labels": labels,
        "accounts": list(ACCOUNT_WORDS.values()),
        "programmes": [[one, document["programmes"][one]["name"]] for one in labels],
        "measure": DEFAULT_MEASURE,
        "unit": document["meta"]["measures"][DEFAULT_MEASURE]["unit"],
        "coverage": _coverage(document["meta"]["tension"]),
    }


def _texts(column: Mapping[str, Any]) -> list[str]:
    """The texts of a packed column, row by row."""
    return [column["texts"][row] for row in column["rows"]]


def _coverage(tension: Mapping[str, Any]) -> str:
    """One sentence on how often the intervals are right."""
    if not tension["scored_count"]:
        return "No deal or site of this ledger states two quantities that can be held against each other."
    return (
        f"Of {tension['scored_count']} pairs of statements that can be scored, the 90 % interval spans agreement in "
        f"{100 * tension['coverage']:.0f} %; the middle of the conversion is typically off by a factor of "
        f"{tension['median_factor']:.2f}."
    )
