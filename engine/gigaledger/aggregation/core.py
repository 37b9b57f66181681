"""The two steps of an aggregation: an engine sums the buckets where the rows are, then the rates rate them."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigaledger.aggregation.kept import read_buckets
from gigaledger.aggregation.plan import Plan
from gigaledger.aggregation.question import question_of
from gigaledger.aggregation.rates import rates_of
from gigaledger.aggregation.sources import Files, source_of
from gigaledger.errors import BadQuestion, BadSource, UnreadableSource, did_you_mean

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import polars as pl

    from gigaledger.aggregation.question import Question

    Scan = Callable[..., tuple[pl.DataFrame, Files | None]]

ENGINES = ("duckdb", "polars", "spark")
UNKNOWN = ("refuse", "set_aside")


def plan_of(  # noqa: PLR0913 - the options of `gigaledger.aggregate`
    source: Any,
    by: str | Iterable[str],
    to: str | Iterable[str],
    *,
    engine: str,
    subtotals: str | Sequence[Sequence[str]] | None,
    columns: Mapping[str, str] | None,
    assumed: Mapping[str, Any],
    unknown: str,
    is_kept: bool = True,
    **engine_options: Any,
) -> Plan:
    """The buckets of a source with the rates of the ledger; see `gigaledger.aggregate`.

    Where they are not kept, rows are counted only if some of them cannot be rated.
    """
    _refuse_other(unknown, "unknown", UNKNOWN)
    question = question_of(by, subtotals, columns)
    rates = rates_of(**assumed)
    targets = rates.targets(to)
    scan = scan_of(question, engine, **engine_options)
    buckets, files = scan(source, is_counted=is_kept)
    plan = Plan(buckets, question, rates, targets, unknown, files, scan)
    if not plan.is_counted and not plan.set_aside.is_empty():
        buckets, files = scan(source)
        plan = Plan(buckets, question, rates, targets, unknown, files, scan)
    return plan.checked()


def plan_of_file(
    path: str | os.PathLike[str],
    to: str | Iterable[str],
    *,
    engine: str,
    assumed: Mapping[str, Any],
    unknown: str,
    **engine_options: Any,
) -> Plan:
    """The buckets that a file keeps with the rates of the ledger; see `gigaledger.kept_buckets`."""
    _refuse_other(unknown, "unknown", UNKNOWN)
    buckets, question, files = read_buckets(Path(path))
    rates = rates_of(**assumed)
    scan = scan_of(question, engine, **engine_options)
    return Plan(buckets, question, rates, rates.targets(to), unknown, files, scan).checked()


def scan_of(question: Question, engine: str, **engine_options: Any) -> Scan:
    """How the rows of a source are summed."""
    _refuse_other(engine, "engine", ENGINES)
    module = importlib.import_module(f"gigaledger.aggregation.engines.{engine}")

    def scan(rows: Any, *, is_counted: bool = True) -> tuple[pl.DataFrame, Files | None]:
        """The buckets of a source, and the files that they count."""
        found = source_of(rows)
        try:
            buckets: pl.DataFrame = module.buckets(found, question, is_counted=is_counted, **engine_options)
        except UnreadableSource as error:
            broken = found.broken() if isinstance(found, Files) else None
            if broken is None:
                raise
            raise UnreadableSource(broken) from error
        if isinstance(found, Files):
            found.refuse_change()
        if buckets.is_empty():
            raise BadSource("the source holds no rows; expected at least one")
        return buckets, found if isinstance(found, Files) else None

    return scan


def _refuse_other(value: str, option: str, known: tuple[str, ...]) -> None:
    """Refuse an option that is none of the known."""
    if value not in known:
        raise BadQuestion(f"{option}={value!r}: expected {' or '.join(known)}{did_you_mean(str(value), known)}")
