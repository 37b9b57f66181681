"""Conversion row by row, as columns of a lazy frame that is not collected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from gigaledger.aggregation.engines.polars import family
from gigaledger.aggregation.question import question_of
from gigaledger.aggregation.sources import shape_of
from gigaledger.aggregation.unknown import refuse
from gigaledger.errors import BadQuestion, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gigaledger.aggregation.rates import Rates

STATISTICS = ("mean", "p05", "p50", "p95")


def converted(
    frame: pl.LazyFrame,
    rates: Rates,
    targets: tuple[str, ...],
    statistics: Iterable[str],
    columns: Mapping[str, str] | None,
) -> pl.LazyFrame:
    """The frame with each row's amount in the targets; see `gigaledger.convert_frame`."""
    wanted = [statistics] if isinstance(statistics, str) else list(statistics)
    for name in wanted:
        if name not in STATISTICS:
            hint = did_you_mean(name, STATISTICS)
            raise BadQuestion(f"{name!r} is no statistic; expected {', '.join(STATISTICS)}{hint}")
    question = question_of((), None, columns)
    schema = frame.collect_schema()
    shape = shape_of({name: family(kind) for name, kind in schema.items()}, question)
    stated = [question.columns[name] for name in shape.path]
    added = [(target, statistic, column_name(target, statistic, rates)) for target in targets for statistic in wanted]

    for _, _, name in added:
        if name in schema:
            raise BadQuestion(f"the frame has a column {name} already; rename it first")

    def with_amounts(rows: pl.DataFrame) -> pl.DataFrame:
        """One batch with the columns added."""
        distinct = rows.select(stated).unique()
        table = _rate_table(distinct, dict(zip(shape.path, stated, strict=True)), rates, added)
        joined = rows.join(table, on=stated, how="left", nulls_equal=True, maintain_order="left")
        _refuse_unknown(joined)
        amount = pl.col(question.columns["amount"]).cast(pl.Float64)
        return joined.select(*rows.columns, *(_amount(amount, *one) for one in added))

    new = {name: pl.Float64 for _, _, name in added}
    return frame.map_batches(with_amounts, streamable=True, schema={**schema, **new})


def column_name(target: str, statistic: str, rates: Rates) -> str:
    """The name of an added column: measure, unit, statistic, such as `it_power_mw_p50`."""
    unit = rates.units[target].lower().replace("/", "_per_").removesuffix("_bf16")
    return f"{target}_{statistic}" if target == "chips" else f"{target}_{unit}_{statistic}"


def _rate_table(
    distinct: pl.DataFrame, names: dict[str, str], rates: Rates, added: list[tuple[str, str, str]]
) -> pl.DataFrame:
    """One row per stated path: the statistics of its rates, or the reason why it has none."""
    found = [rates.path(**dict(zip(names, row, strict=True))) for row in distinct.select(names.values()).rows()]
    known = [one for one in found if not isinstance(one, str)]
    paths = sorted({path for path, _ in known}, key=lambda path: (path.measure, path.chip_id, path.year))
    places = {path: place for place, path in enumerate(paths)}
    draws = rates.draws(paths, tuple(dict.fromkeys(target for target, _, _ in added))) if paths else {}
    series: dict[str, Any] = {"_reason": [one if isinstance(one, str) else None for one in found]}
    for target in draws:
        drawn = draws[target]
        low, middle, high = np.quantile(drawn, (0.05, 0.50, 0.95), axis=1)
        statistics = {"mean": drawn.mean(axis=1), "p05": low, "p50": middle, "p95": high}
        for statistic, values in statistics.items():
            series[f"_{target}_{statistic}"] = [
                None if isinstance(one, str) else float(values[places[one[0]]]) * one[1] for one in found
            ]
    if not paths:
        names_wanted = (f"_{target}_{statistic}" for target, _, _ in added for statistic in STATISTICS)
        series |= {name: [None] * len(found) for name in names_wanted}
    types = {name: pl.String if name == "_reason" else pl.Float64 for name in series}
    return distinct.hstack(pl.DataFrame(series, schema=types))


def _amount(amount: pl.Expr, target: str, statistic: str, name: str) -> pl.Expr:
    """One added column; the low end of a negative amount is that of the high rate."""
    if statistic in ("p05", "p95"):
        ends = [amount * pl.col(f"_{target}_p05"), amount * pl.col(f"_{target}_p95")]
        value = pl.min_horizontal(ends) if statistic == "p05" else pl.max_horizontal(ends)
    else:
        value = amount * pl.col(f"_{target}_{statistic}")
    return value.fill_nan(None).alias(name)


def _refuse_unknown(joined: pl.DataFrame) -> None:
    """Refuse rows whose path is not known; a null amount stays null."""
    unknown = joined.filter(pl.col("_reason").is_not_null())
    if not unknown.is_empty():
        refuse(unknown.select(reason="_reason").with_columns(row_count=pl.lit(1)), joined.height, "correct them")
