"""Kept buckets: the sums of a scan, rated as often as asked without another."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from gigaledger.aggregation.statistics import GroupSet, target_columns
from gigaledger.aggregation.unknown import STATED, parted, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from gigaledger.aggregation.question import Question
    from gigaledger.aggregation.rates import Rates
    from gigaledger.aggregation.sources import Files

    Draws = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Plan:
    """The buckets of a source with the rates that turn them into results.

    Attributes:
        buckets: one row per combination of keys and of measure, chip and year as stated; row_count, amount [as stated].
        question: the keys and subtotals.
        rates: the assumptions.
        targets: the measures of the result.
        unknown: `refuse` or `set_aside`.
        files: the files that the buckets count; None where the source was no files.
        scan: how the buckets of further files are summed.
    """

    buckets: pl.DataFrame
    question: Question
    rates: Rates
    targets: tuple[str, ...]
    unknown: str
    files: Files | None
    scan: Callable[[Any], tuple[pl.DataFrame, Files | None]]
    _rated: dict[str, tuple[Draws, list[pl.DataFrame]]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be rated, where that is asked for."""
        if self.unknown == "refuse":
            refuse(self.set_aside, self.row_count)

    @property
    def row_count(self) -> int:
        """How many rows the buckets count."""
        return int(self.buckets["row_count"].sum())

    @property
    def set_aside(self) -> pl.DataFrame:
        """Rows that cannot be rated: the reason, what they state, their keys, row_count, and amount as stated."""
        others = self._parts[1]
        names = dict(zip(self.question.scanned, self.question.key_names, strict=True))
        keys = [pl.col(scanned).alias(name) for scanned, name in names.items() if scanned.startswith("key_")]
        stated = [name for name in STATED if name in others.columns]
        return others.select("reason", *stated, *keys, "row_count", "amount").sort("row_count", descending=True)

    @property
    def result(self) -> pl.DataFrame:
        """One row per group and target: the keys, measure, unit, amount_mean, amount_p05, amount_p50, amount_p95."""
        return self.rated(with_draws=False)

    def rated(self, *, with_draws: bool) -> pl.DataFrame:
        """The result, with the draws of each amount as an array where they are wanted."""
        draws = self.rates.draws(self._parts[2], self.targets)
        changed = [
            target
            for target in self.targets
            if with_draws
            or target not in self._rated
            or not np.array_equal(self._rated[target][0], draws[target], equal_nan=True)
        ]
        _ = self._deviates, self._sets  # before the threads start

        def of_target(target: str) -> tuple[Draws, list[pl.DataFrame]]:
            return draws[target], self._target_results(target, draws[target], with_draws=with_draws)

        with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
            self._rated.update(zip(changed, threads.map(of_target, changed), strict=True))
        sets = [
            pl.concat([self._rated[target][1][place] for target in self.targets]).sort("_group", "_target")
            for place in range(len(self.question.grouping_sets))
        ]
        if with_draws:
            self._rated.clear()
        return pl.concat(sets).drop("_group", "_target")

    def with_assumptions(self, settings: Mapping[str, tuple[float, float, float]]) -> Plan:
        """The same buckets under changed assumptions, without a scan.

        Args:
            settings: low, best and high by assumption_id or parameter, beside those of this plan.

        Raises:
            UnknownAssumption: a setting of an assumption that is not there, or that is reversed.
        """
        plan = replace(self, rates=self.rates.changed(settings), _rated=dict(self._rated))
        for name in ("_parts", "_groups", "_sets", "_deviates"):  # which no assumption changes
            plan.__dict__[name] = getattr(self, name)
        return plan

    def add(self, source: Any) -> Plan:
        """The plan with further Parquet files in its buckets; those counted already are not read again.

        Raises:
            BadSource: a file that is counted already, or that cannot be read.
        """
        buckets, files = self.scan(_further(source, self.files))
        joined = pl.concat([self.buckets, buckets], how="diagonal_relaxed")
        sums = [
            name
            for name in ("row_count", "amount_count", "amount", "variance", "reversed_count")
            if name in joined.columns
        ]
        summed = joined.group_by(pl.exclude(sums)).agg(pl.col(sums).sum())
        together = files if self.files is None or files is None else self.files.and_more(files)
        return replace(self, buckets=summed, files=together, _rated={})

    @cached_property
    def _parts(self) -> tuple[pl.DataFrame, pl.DataFrame, list[Any]]:
        """The buckets that can be rated, those that cannot, and the paths."""
        return parted(self.buckets, self.rates)

    def _target_results(self, target: str, rates: Draws, *, with_draws: bool) -> list[pl.DataFrame]:
        """The results of one target, a frame for each set of keys."""
        sets = target_columns(self._sets, rates, self._deviates, with_draws=with_draws)
        return [self._frame(groups, target, columns) for (groups, _), columns in zip(self._groups, sets, strict=True)]

    def _frame(self, groups: pl.DataFrame, target: str, columns: dict[str, Draws]) -> pl.DataFrame:
        """The groups of one set of keys with the statistics of one target."""
        drawn = columns.pop("draws", None)
        series = {name: pl.Series(values, dtype=pl.Float64).fill_nan(None) for name, values in columns.items()}
        if drawn is not None:
            series["draws"] = pl.Series(drawn, dtype=pl.Array(pl.Float64, drawn.shape[1]))
        return groups.with_columns(
            measure=pl.lit(target),
            unit=pl.lit(self.rates.units[target]),
            **series,
            _target=pl.lit(self.targets.index(target)),
        )

    @cached_property
    def _sets(self) -> list[GroupSet]:
        """The buckets as a matrix of groups x paths for each set of keys."""
        from scipy.sparse import csr_array

        buckets, _, paths = self._parts
        columns = {name: buckets[name].to_numpy() for name in ("amount", "variance") if name in buckets.columns}
        finest = self._groups[0][1]
        sets = []
        for groups, places in self._groups:
            owner = np.zeros(self._groups[0][0].height, dtype=np.int64)
            owner[finest] = places
            shape = (groups.height, len(paths))
            path = buckets["path"].to_numpy()
            matrices = {name: csr_array((values, (places, path)), shape=shape) for name, values in columns.items()}
            sets.append(GroupSet(matrices["amount"], matrices.get("variance"), owner))
        return sets

    @cached_property
    def _deviates(self) -> Draws | None:
        """Standard normal deviates of the finest groups, streams of the groups' own names; None: no row spreads."""
        if "variance" not in self.buckets.columns:
            return None
        keys = [pl.col(name).cast(pl.String).fill_null("\0") for name in self.question.key_names]
        names = self._groups[0][0].select(pl.concat_str([pl.lit("rows"), *keys], separator="\x1f"))
        return self.rates.deviates(names.to_series().to_list())

    @cached_property
    def _groups(self) -> list[tuple[pl.DataFrame, npt.NDArray[np.int64]]]:
        """For each set of keys its groups, sorted and numbered in `_group`, and the group of each bucket."""
        pairs = zip(self.question.scanned, self.question.key_names, strict=True)
        columns = [pl.col("chip_id" if scanned == "chip" else scanned).alias(name) for scanned, name in pairs]
        keys = self._parts[0].select(columns) if columns else self._parts[0].select("path")
        return [self._grouped(keys, names) for names in self.question.grouping_sets]

    def _grouped(self, keys: pl.DataFrame, names: tuple[str, ...]) -> tuple[pl.DataFrame, npt.NDArray[np.int64]]:
        """The groups of one set of keys, with every key as a column, and the number of the group of each bucket."""
        if names:
            groups = keys.select(names).unique().sort(names, nulls_last=True).with_row_index("_group")
            placed = keys.join(groups, on=names, how="left", nulls_equal=True, maintain_order="left")["_group"]
        else:
            groups, placed = (
                pl.DataFrame({"_group": [0]}, {"_group": pl.get_index_type()}),
                pl.zeros(keys.height, eager=True),
            )
        totalled = {name: pl.lit(None, keys.schema[name]) for name in self.question.key_names if name not in names}
        groups = groups.with_columns(**totalled)
        if self.question.has_subtotals:
            groups = groups.with_columns(grouped_by=pl.lit(",".join(names)))
        level = ["grouped_by"] if self.question.has_subtotals else []
        return groups.select(*self.question.key_names, *level, "_group"), placed.to_numpy().astype(np.int64)


def _further(source: Any, counted: Files | None) -> Any:
    """Files to add, refused where one of them is counted."""
    from gigaledger.aggregation.sources import Files, source_of
    from gigaledger.errors import BadSource

    found = source_of(source)
    if not isinstance(found, Files) or counted is None:
        raise BadSource(
            "buckets grow by Parquet files that they do not count yet; expected files, in the plan and here"
        )
    counted.refuse_again(found)
    return found
