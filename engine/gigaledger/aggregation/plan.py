"""Kept buckets: the sums of a scan, rated as often as asked without another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from gigaledger.errors import UnknownPath

if TYPE_CHECKING:
    import numpy.typing as npt

    from gigaledger.aggregation.question import Question
    from gigaledger.aggregation.rates import Path, Rates

STATISTICS = ("mean", "p05", "p50", "p95")
_OFFENDERS = 5


class Plan:
    """Buckets of a source with the rates that turn them into results."""

    def __init__(self, buckets: pl.DataFrame, question: Question, rates: Rates, targets: tuple[str, ...]) -> None:
        """Keep the buckets: one row per combination of keys, measure, chip and year."""
        self.buckets = buckets
        self.question = question
        self._rates = rates
        self.targets = targets
        self._paths, self._bucket_paths = self._known_paths()

    @property
    def result(self) -> pl.DataFrame:
        """One row per group and target: the keys, measure, unit, amount_mean, amount_p05, amount_p50, amount_p95."""
        return self.rated(with_draws=False)

    def rated(self, *, with_draws: bool) -> pl.DataFrame:
        """The result, with the draws of each amount as a list where they are wanted."""
        draws = self._rates.draws(self._paths, self.targets)
        return pl.concat(
            [self._set_result(names, draws, with_draws=with_draws) for names in self.question.grouping_sets]
        )

    def _set_result(self, names: tuple[str, ...], draws: dict[str, Any], *, with_draws: bool) -> pl.DataFrame:
        """The groups of one set of keys."""
        groups, places = self._groups(names)
        matrix = np.zeros((groups.height, len(self._paths)))
        np.add.at(matrix, (places, self._bucket_paths), self.buckets["amount"].to_numpy())
        frames = []
        for place, target in enumerate(self.targets):
            drawn = _product(matrix, draws[target])
            columns = _statistics(drawn)
            if with_draws:
                columns["draws"] = pl.Series(drawn, dtype=pl.Array(pl.Float64, drawn.shape[1]))
            measure = {"measure": pl.lit(target), "unit": pl.lit(self._rates.units[target])}
            frames.append(groups.with_columns(**measure, **columns, _target=pl.lit(place)))
        result = pl.concat(frames).sort("_group", "_target").drop("_group", "_target")
        if not self.question.has_subtotals:
            return result
        types = self._key_columns().schema
        totalled = {name: pl.lit(None, types[name]) for name in types if name not in names}
        result = result.with_columns(**totalled, grouped_by=pl.lit(",".join(names)))
        return result.select(*types, "grouped_by", pl.exclude(*types, "grouped_by"))

    def _groups(self, names: tuple[str, ...]) -> tuple[pl.DataFrame, npt.NDArray[np.int64]]:
        """The groups of a set of keys, sorted and numbered in `_group`, and the number of the group of each bucket."""
        keys = self._key_columns().select(names)
        if not names:
            return pl.DataFrame({"_group": [0]}), np.zeros(self.buckets.height, dtype=np.int64)
        groups = keys.unique().sort(names, nulls_last=True).with_row_index("_group")
        placed = keys.join(groups, on=names, how="left", nulls_equal=True, maintain_order="left")
        return groups.select(*names, "_group"), placed["_group"].to_numpy().astype(np.int64)

    def _key_columns(self) -> pl.DataFrame:
        """The keys of each bucket by their names in the result."""
        pairs = zip(self.question.scanned, self.question.key_names, strict=True)
        return self.buckets.select(pl.col(scanned).alias(name) for scanned, name in pairs)

    def _known_paths(self) -> tuple[list[Path], npt.NDArray[np.int64]]:
        """The paths of the buckets, and the place of that of each bucket.

        Raises:
            UnknownPath: rows that cannot be rated, the commonest reasons with their counts.
        """
        stated = self.buckets.select("measure", "chip", "year")
        distinct = stated.unique().sort(pl.all(), nulls_last=True)
        found = [self._rates.path(*row) for row in distinct.rows()]
        _refuse_unknown(self.buckets, distinct, found)
        paths = sorted(
            {path for path in found if not isinstance(path, str)},
            key=lambda path: (path.measure, path.chip_id, path.year),
        )
        place: dict[Path | str, int] = {path: number for number, path in enumerate(paths)}
        known = distinct.with_columns(_path=pl.Series([place[path] for path in found], dtype=pl.Int64))
        joined = stated.join(known, on=["measure", "chip", "year"], how="left", nulls_equal=True, maintain_order="left")
        return paths, joined["_path"].to_numpy()


def _product(matrix: npt.NDArray[np.float64], rates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Amounts of the groups, draw by draw; nan where a group holds an amount that cannot be rated."""
    missing = np.isnan(rates).any(axis=1)
    drawn = matrix[:, ~missing] @ rates[~missing]
    drawn[(matrix[:, missing] != 0).any(axis=1)] = np.nan
    return drawn


def _statistics(drawn: npt.NDArray[np.float64]) -> dict[str, pl.Series]:
    """The mean and the percentiles over draws of each row, by linear interpolation as `quantile_cont` has it."""
    ordered = np.sort(drawn, axis=1)
    last = drawn.shape[1] - 1
    columns = {"amount_mean": pl.Series(drawn.mean(axis=1))}
    for name, share in (("p05", 0.05), ("p50", 0.50), ("p95", 0.95)):
        below = int(np.floor(share * last))
        weight = share * last - below
        low, high = ordered[:, below], ordered[:, min(below + 1, last)]
        columns[f"amount_{name}"] = pl.Series(low + (high - low) * weight)
    return {name: values.fill_nan(None) for name, values in columns.items()}


def _refuse_unknown(buckets: pl.DataFrame, distinct: pl.DataFrame, found: list[Path | str]) -> None:
    """Refuse rows that cannot be rated."""
    reasons = distinct.with_columns(
        reason=pl.Series([one if isinstance(one, str) else None for one in found], dtype=pl.String)
    )
    joined = buckets.join(reasons, on=["measure", "chip", "year"], how="left", nulls_equal=True)
    unknown = joined.filter(pl.col("reason").is_not_null()).group_by("reason").agg(rows=pl.col("row_count").sum())
    without = int((buckets["row_count"] - buckets["amount_count"]).sum())
    if without:
        unknown = pl.concat(
            [unknown, pl.DataFrame({"reason": ["no amount"], "rows": [without]}, schema=unknown.schema)]
        )
    if unknown.is_empty():
        return
    worst = unknown.sort("rows", "reason", descending=[True, False])
    named = ", ".join(f"{reason} ({rows:,} rows)" for reason, rows in worst.head(_OFFENDERS).rows())
    more = f" and {worst.height - _OFFENDERS} more reasons" if worst.height > _OFFENDERS else ""
    raise UnknownPath(
        f"{int(worst['rows'].sum()):,} of {int(buckets['row_count'].sum()):,} rows cannot be rated: {named}{more}; "
        "correct them or set them aside with unknown='set_aside'"
    )
