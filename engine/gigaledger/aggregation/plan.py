"""Kept buckets: the sums of a scan, rated as often as asked without another."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from threadpoolctl import ThreadpoolController

from gigaledger.aggregation.bucket_query import added_up
from gigaledger.aggregation.statistics import GroupSet, joined, target_tasks
from gigaledger.aggregation.unknown import STATED, parted, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from gigaledger.aggregation.question import Question
    from gigaledger.aggregation.rates import Rates
    from gigaledger.aggregation.sources import Files
    from gigaledger.aggregation.statistics import Columns


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
    scan: Callable[..., tuple[pl.DataFrame, Files | None]]
    _rated: dict[str, list[Columns]] = field(default_factory=dict, repr=False)

    def checked(self) -> Plan:
        """The plan, refused where it holds rows that cannot be rated and that is not asked for.

        Raises:
            UnknownPath: the commonest reasons, each with its count.
        """
        if self.unknown == "refuse" and not self.set_aside.is_empty():
            refuse(self.set_aside, self.row_count)
        return self

    @property
    def is_counted(self) -> bool:
        """Whether the buckets say how many rows they count."""
        return "row_count" in self.buckets.columns

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
        counts = ["row_count"] if self.is_counted else []
        return others.select("reason", *stated, *keys, *counts, "amount").sort(*(counts or ["reason"]), descending=True)

    @property
    def result(self) -> pl.DataFrame:
        """One row per group and target: the keys, measure, unit, amount_mean, amount_p05, amount_p50, amount_p95."""
        return self.rated(with_draws=False)

    def rated(self, *, with_draws: bool) -> pl.DataFrame:
        """The result, with the draws of each amount as an array where they are wanted."""
        kept = {} if with_draws else self._rated
        missing = [target for target in self.targets if target not in kept]
        if missing:
            kept.update(self._statistics(missing, with_draws=with_draws))
        found = [kept[target] for target in self.targets]
        return pl.concat(
            _with_statistics(labels, [columns[place] for columns in found]) for place, labels in enumerate(self._labels)
        )

    def _statistics(self, targets: list[str], *, with_draws: bool) -> dict[str, list[Columns]]:
        """The statistics of targets, for each set of keys, in blocks on all cores."""
        draws = self.rates.draws(self._parts[2], tuple(targets))
        sets, deviates = self._sets, self._deviates

        def tasks(target: str) -> list[list[Callable[[], Columns]]]:
            return target_tasks(sets, draws[target], deviates, with_draws=with_draws)

        # One core for each block: products that spread over all cores themselves would wait for one another.
        limit = _blas().limit(limits=1, user_api="blas")
        with limit, ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
            asked = dict(zip(targets, threads.map(tasks, targets), strict=True))
            begun = {
                target: [[threads.submit(task) for task in blocks] for blocks in of_sets]
                for target, of_sets in asked.items()
            }
            return {
                target: [joined([block.result() for block in blocks]) for blocks in of_sets]
                for target, of_sets in begun.items()
            }

    def with_assumptions(self, settings: Mapping[str, tuple[float, float, float]]) -> Plan:
        """The same buckets under changed assumptions, without a scan.

        Args:
            settings: low, best and high by assumption_id or parameter, beside those of this plan.

        Raises:
            UnknownAssumption: a setting of an assumption that is not there, or that is reversed.
        """
        rates = self.rates.changed(settings)
        same = self.rates.unchanged(rates, self._parts[2], self._rated)
        plan = replace(self, rates=rates, _rated={target: self._rated[target] for target in same})
        for name in ("_parts", "_groups", "_labels", "_sets", "_deviates"):  # which no assumption changes
            plan.__dict__[name] = getattr(self, name)
        return plan

    def add(self, source: Any) -> Plan:
        """The plan with further Parquet files in its buckets; those counted already are not read again.

        Raises:
            BadSource: a file that is counted already, or that cannot be read.
        """
        buckets, files = self.scan(_further(source, self.files))
        together = files if self.files is None or files is None else self.files.and_more(files)
        return replace(self, buckets=added_up([self.buckets, buckets]), files=together, _rated={}).checked()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the buckets into a Parquet file, from which `gigaledger.kept_buckets` rates them without their source.

        Raises:
            FileProblem: the file cannot be written; an existing one is as it was.
        """
        from gigaledger.aggregation.kept import write_buckets

        write_buckets(self, Path(path))

    @cached_property
    def _parts(self) -> tuple[pl.DataFrame, pl.DataFrame, list[Any]]:
        """The buckets that can be rated, those that cannot, and the paths."""
        return parted(self.buckets, self.rates)

    @cached_property
    def _labels(self) -> list[pl.DataFrame]:
        """For each set of keys the groups with every target, one row for each of both: the keys, measure and unit."""
        named = {"measure": self.targets, "unit": [self.rates.units[target] for target in self.targets]}
        labels = []
        for groups, _ in self._groups:
            each = np.tile(np.arange(len(self.targets)), groups.height)
            texts = {name: pl.Series(values, dtype=pl.String)[each] for name, values in named.items()}
            places = np.repeat(np.arange(groups.height), len(self.targets))
            labels.append(groups.drop("_group")[places].with_columns(**texts))
        return labels

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
    def _deviates(self) -> npt.NDArray[np.float64] | None:
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
                pl.DataFrame({"_group": [0] * min(1, keys.height)}, {"_group": pl.get_index_type()}),
                pl.zeros(keys.height, eager=True),
            )
        totalled = {name: pl.lit(None, keys.schema[name]) for name in self.question.key_names if name not in names}
        groups = groups.with_columns(**totalled)
        if self.question.has_subtotals:
            groups = groups.with_columns(grouped_by=pl.lit(",".join(names)))
        level = ["grouped_by"] if self.question.has_subtotals else []
        return groups.select(*self.question.key_names, *level, "_group"), placed.to_numpy().astype(np.int64)


def _with_statistics(labels: pl.DataFrame, targets: list[Columns]) -> pl.DataFrame:
    """Groups and targets with the statistics of each."""
    statistics = []
    for name in targets[0]:
        values = np.stack([columns[name] for columns in targets], axis=1)
        if name == "draws":
            draws = values.reshape(labels.height, -1)
            statistics.append(pl.Series(name, draws, dtype=pl.Array(pl.Float64, values.shape[2])))
        else:
            statistics.append(pl.Series(name, values.ravel(), dtype=pl.Float64).fill_nan(None))
    return labels.with_columns(statistics)


@lru_cache(maxsize=1)
def _blas() -> ThreadpoolController:
    """What sets how many threads a product of matrices takes."""
    return ThreadpoolController()


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
