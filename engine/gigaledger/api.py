"""The Python page of names: `gigaledger.open()` and `gigaledger.convert()`; results are Polars frames."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gigaledger.errors import BadQuestion
from gigaledger.ledger import DRAW_COUNT, SEED, Ledger, open_ledger

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import polars as pl

    from gigaledger.aggregation.plan import Plan


def open(
    datasets: str | Path | None = None,
    *,
    extend: bool = False,
    settings: Mapping[str, tuple[float, float, float]] | None = None,
    draws: int = DRAW_COUNT,
    seed: int = SEED,
) -> Ledger:
    """A ledger, open for questions.

    Args:
        datasets: folder of your own CSV files; none: the bundled ledger.
        extend: layer your rows over the bundled ledger; your row wins by id.
        settings: low, best and high of assumptions to change, by assumption_id or parameter.
        draws: number of draws of every assumption, even, from 64 to 65,536; medians are steadier the more there are.
        seed: seed of the draws.

    Returns:
        The ledger: `reconcile`, `convert`, `explain`, `sql`.

    Raises:
        DatasetProblems: every problem of every file.
    """
    return open_ledger(datasets, extend=extend, settings=settings, draws=draws, seed=seed)


def convert(  # noqa: PLR0913 - one option each of the command line
    quantity: str,
    to: str = "all",
    *,
    measure: str | None = None,
    chip: str | None = None,
    year: int | None = None,
    term_years: float | None = None,
    builder: str | None = None,
) -> pl.DataFrame:
    """One quantity in another measure, or in all, without a ledger of one's own.

    Args:
        quantity: text such as `1e6 TPUv7`, `1.2 GW_it`, `$30 billion`.
        to: a measure, or `all`.
        measure: what a bare amount of dollars or megawatts measures.
        chip: chip or mix by id, name or alias.
        year: delivery year.
        term_years: term of a contract [year].
        builder: kind of the party that builds, such as `landlord`, by which dollars of unstated basis are read.

    Returns:
        One row per target measure: measure, unit, mean, p05, p50, p95.

    Raises:
        GigaledgerError: what is wrong with the quantity, the measure or the chip.

    Example:
        >>> convert("2 GW_it", to="it_power")["p95"].item()
        2000.0
    """
    return _conversion_ledger().convert(
        quantity, to, measure=measure, chip=chip, year=year, term_years=term_years, builder=builder
    )


def aggregate(  # noqa: PLR0913 - each stands for a choice of the user
    source: Any,
    by: str | Iterable[str] = (),
    to: str | Iterable[str] = "all",
    *,
    engine: str = "duckdb",
    subtotals: str | Sequence[Sequence[str]] | None = None,
    columns: Mapping[str, str] | None = None,
    settings: Mapping[str, tuple[float, float, float]] | None = None,
    datasets: str | Path | None = None,
    extend: bool = False,
    seed: int = SEED,
    draw_count: int = DRAW_COUNT,
    unknown: str = "refuse",
    draws: bool = False,
    keep: bool = False,
    spark: Any = None,
    master: str | None = None,
) -> pl.DataFrame | Plan:
    """Totals of any number of stated amounts in other measures, by group, with intervals; each row is touched once.

    Args:
        source: Parquet (path, glob, hive folder, list), a DuckDB relation, a Polars frame, an Arrow table.
        by: keys of the groups: columns, or a date with a grain such as `on_date:month`; none: one total.
        to: target measures, or `all`.
        engine: `duckdb`, `polars` or `spark`.
        subtotals: `rollup`, `cube`, or a list of lists of keys to total beside the groups themselves.
        columns: the source's name for measure, chip, year, amount (and low, high) where it has another.
        settings: low, best and high of assumptions to change, by assumption_id or parameter.
        datasets: folder of your own chips, mixes and assumptions; none: the bundled ones.
        extend: layer them over the bundled ones.
        seed: seed of the draws.
        draw_count: number of draws, even, from 64 to 65,536.
        unknown: `refuse` rows that cannot be rated, or `set_aside` in the plan's frame of that name (with `keep`).
        draws: whether the result holds the draws of every amount too.
        keep: whether to keep the buckets: the plan instead of its result.
        spark: a session of Spark to run on.
        master: or the address of a cluster: `sc://host:port` for Spark Connect, or a master such as `spark://host:7077`.

    Returns:
        One row per group and target: keys, measure, unit, amount_mean, amount_p05, amount_p50, amount_p95 [unit of the
        row]; with `draws`, a column of that name. With `keep`, the plan.

    Raises:
        GigaledgerError: what is wrong with the question or the source.
    """
    from gigaledger.aggregation.core import plan_of

    if unknown == "set_aside" and not keep:
        raise BadQuestion(
            "unknown='set_aside' keeps rows beside the result: ask with keep=True, read plan.set_aside too"
        )
    plan = plan_of(
        source,
        by,
        to,
        engine=engine,
        subtotals=subtotals,
        columns=columns,
        assumed={
            "settings": settings,
            "datasets": datasets,
            "extend": extend,
            "seed": seed,
            "draw_count": draw_count,
        },
        unknown=unknown,
        is_kept=keep,
        **{name: value for name, value in (("spark", spark), ("master", master)) if value is not None},
    )
    return plan if keep else plan.rated(with_draws=draws)


def kept_buckets(  # noqa: PLR0913 - each stands for a choice of the user
    path: str | os.PathLike[str],
    to: str | Iterable[str] = "all",
    *,
    engine: str = "duckdb",
    settings: Mapping[str, tuple[float, float, float]] | None = None,
    datasets: str | Path | None = None,
    extend: bool = False,
    seed: int = SEED,
    draw_count: int = DRAW_COUNT,
    unknown: str = "refuse",
    spark: Any = None,
    master: str | None = None,
) -> Plan:
    """The buckets that `plan.save` or `--keep-buckets` has written, rated without their source.

    Args:
        path: the file.
        to: target measures, or `all`; any, not only those of the plan that was saved.
        engine: what sums further files: `duckdb`, `polars` or `spark`.
        settings: low, best and high of assumptions to change, by assumption_id or parameter.
        datasets: folder of your own chips, mixes and assumptions; none: the bundled ones.
        extend: layer them over the bundled ones.
        seed: seed of the draws.
        draw_count: number of draws, even, from 64 to 65,536.
        unknown: `refuse` rows that cannot be rated, or `set_aside` in the plan's frame of that name.
        spark: a session of Spark to run on.
        master: or the address of a cluster.

    Returns:
        The plan: `result`, `rated(with_draws=True)`, `with_assumptions(...)`, `add(files)`, `set_aside`, `save(path)`.

    Raises:
        GigaledgerError: the file holds no buckets, or what is wrong with the question.
    """
    from gigaledger.aggregation.core import plan_of_file

    assumed = {
        "settings": settings,
        "datasets": datasets,
        "extend": extend,
        "seed": seed,
        "draw_count": draw_count,
    }
    options = {name: value for name, value in (("spark", spark), ("master", master)) if value is not None}
    return plan_of_file(path, to, engine=engine, assumed=assumed, unknown=unknown, **options)


def convert_frame(  # noqa: PLR0913 - each stands for a choice of the user
    frame: pl.LazyFrame,
    to: str | Iterable[str] = "all",
    *,
    statistics: str | Iterable[str] = ("mean", "p05", "p50", "p95"),
    columns: Mapping[str, str] | None = None,
    settings: Mapping[str, tuple[float, float, float]] | None = None,
    seed: int = SEED,
) -> pl.LazyFrame:
    """A lazy frame of stated amounts with each row's amount in other measures, as columns; nothing is collected.

    Means of rows add up to the mean of their total, percentiles do not: `aggregate` totals.

    Args:
        frame: rows with measure, chip, year and amount (and unit, where it is not that of the measure).
        to: target measures, or `all`.
        statistics: which of mean, p05, p50, p95.
        columns: the frame's name for measure, chip, year, amount, unit where it has another.
        settings: low, best and high of assumptions to change, by assumption_id or parameter.
        seed: seed of the draws.

    Returns:
        The frame with a column per target and statistic, such as `it_power_mw_p50`.

    Raises:
        GigaledgerError: what is wrong with the question; of a row that cannot be rated when it is collected.
    """
    from gigaledger.aggregation.rates import rates_of
    from gigaledger.aggregation.rows import converted

    rates = rates_of(settings=settings, seed=seed)
    return converted(frame, rates, rates.targets(to), statistics, columns)


@lru_cache(maxsize=1)
def _conversion_ledger() -> Ledger:
    """The bundled chips, mixes and assumptions, opened once."""
    return open_ledger(for_conversion=True)


def conversion_frame(document: Mapping[str, Any]) -> pl.DataFrame:
    """The results of a conversion, one row per measure."""
    import polars as pl

    to = document["to"]
    results = {to["measure"]: to} if "measure" in to else to
    names = ("unit", "mean", "p05", "p50", "p95")
    return pl.DataFrame(
        [
            {"measure": measure, **{name: (value or {}).get(name) for name in names}}
            for measure, value in results.items()
        ],
        schema={"measure": pl.String, "unit": pl.String, **dict.fromkeys(names[1:], pl.Float64)},
    )


def reconciliation_frame(
    ledger: Ledger, programme: str | None, as_of: dt.date | None, measure: str | None
) -> pl.DataFrame:
    """The reconciliation, one row per programme and measure."""
    from gigaledger.reconciliation import SHOWN_MEASURES, chosen_programmes
    from gigaledger.results import checked_target

    ids = [row["programme_id"] for row in chosen_programmes(ledger, programme)]
    measures = [checked_target(ledger, measure)] if measure else list(SHOWN_MEASURES)
    ledger.install("everything")
    return ledger.frame(
        "from reconciliation_as_of($1::date, measures := $2::varchar[]) "
        "where list_contains($3::varchar[], programme_id)",
        [as_of or ledger.as_of, measures, ids],
    )


def timeline_frame(document: Mapping[str, Any]) -> pl.DataFrame:
    """The ramp, one row per programme and quarter."""
    import datetime as dt

    import polars as pl

    from gigaledger.timeline import RAMPS

    rows = [
        {
            "programme_id": programme["programme_id"],
            "quarter_end": dt.date.fromisoformat(quarter["quarter_end"]),
            "is_actual": quarter["is_actual"],
            "measure": document["measure"],
            **_flat(quarter, RAMPS),
        }
        for programme in document["programmes"]
        for quarter in programme["quarters"]
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def change_frame(document: Mapping[str, Any]) -> pl.DataFrame:
    """The parts of a change, one row per programme, kind of change, and deal or site."""
    import polars as pl

    from gigaledger.reconciliation import ACCOUNTS

    rows = [
        {
            "programme_id": programme["programme_id"],
            **{name: part[name] for name in ("kind", "owner_kind", "owner_id", "name")},
            "measure": document["measure"],
            **_flat(part, ACCOUNTS),
            "fact_ids": [fact["fact_id"] for fact in part["facts"]],
        }
        for programme in document["programmes"]
        for part in programme["parts"]
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _flat(record: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, float | None]:
    """Intervals as columns that end in the statistic."""
    from gigaledger.results import STATISTICS

    return {
        f"{name}_{statistic}": record[name] and record[name][statistic] for name in names for statistic in STATISTICS
    }
