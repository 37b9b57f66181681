"""The two steps of an aggregation: an engine sums the buckets where the rows are, then the rates rate them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from gigaledger.aggregation.plan import Plan
from gigaledger.aggregation.question import question_of
from gigaledger.aggregation.rates import Rates
from gigaledger.aggregation.sources import Files, source_of
from gigaledger.errors import BadQuestion, BadSource, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ENGINES = ("duckdb", "polars", "spark")


def plan_of(  # noqa: PLR0913 - the options of `gigaledger.aggregate`
    source: Any,
    by: str | Iterable[str],
    to: str | Iterable[str],
    *,
    engine: str,
    subtotals: str | Sequence[Sequence[str]] | None,
    columns: Mapping[str, str] | None,
    settings: Mapping[str, tuple[float, float, float]] | None,
    seed: int,
) -> Plan:
    """The buckets of a source, kept with the rates of the ledger; see `gigaledger.aggregate`."""
    if engine not in ENGINES:
        raise BadQuestion(f"{engine!r} is no engine; expected {', '.join(ENGINES)}{did_you_mean(engine, ENGINES)}")
    question = question_of(by, subtotals, columns)
    rates = Rates(settings=settings, seed=seed)
    targets = rates.targets(to)
    found = source_of(source)
    buckets = importlib.import_module(f"gigaledger.aggregation.engines.{engine}").buckets(found, question)
    if isinstance(found, Files):
        found.refuse_change()
    if buckets.is_empty():
        raise BadSource("the source holds no rows; expected at least one")
    return Plan(buckets, question, rates, targets)
