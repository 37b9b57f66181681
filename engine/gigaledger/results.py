"""Shared pieces of results: intervals and the list of measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gigaledger.errors import NotCapacity, UnknownMeasure, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gigaledger.ledger import Ledger

STATISTICS = ("mean", "p05", "p50", "p95")
STAGES = ("operational", "under_construction", "planned")


def interval(record: Mapping[str, Any], name: str, unit: str) -> dict[str, Any] | None:
    """The interval of one quantity of a record, `{"mean", "p05", "p50", "p95", "unit"}`; null when it is unknown."""
    if record[f"{name}_p50"] is None:
        return None
    return {**{statistic: record[f"{name}_{statistic}"] for statistic in STATISTICS}, "unit": unit}


def target_measures(ledger: Ledger) -> dict[str, str]:
    """The measures that amounts can be converted into, with their units, in the order of the vocabulary's ranks."""
    return dict(
        ledger.rows(
            "select measure, unit from measure where kind in ('physical', 'money', 'flow') order by physical_rank"
        )
    )


def checked_target(ledger: Ledger, name: str) -> str:
    """The name of a measure that amounts can be converted into.

    Raises:
        NotCapacity: a measure that may be stated but is never a target, such as equity.
        UnknownMeasure: no measure of that name.
    """
    targets = target_measures(ledger)
    if name in targets:
        return name
    stated = {
        measure: (kind, meaning) for measure, kind, meaning in ledger.rows("select measure, kind, meaning from measure")
    }
    if name not in stated:
        message = f"{name!r} is not a measure; expected one of {', '.join(targets)}{did_you_mean(name, targets)}"
        raise UnknownMeasure(message)
    kind, meaning = stated[name]
    if kind == "fact":
        message = f"{name} ({meaning}) is a fact, not capacity: nothing converts into it or from it"
        raise NotCapacity(message)
    message = f"{name} ({meaning}) is how a source states an amount, not a result; ask for one of {', '.join(targets)}"
    raise NotCapacity(message)
