"""Codes of keys and paths, found in a sample of the rows, so that the scan groups by small integers."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from gigaledger.aggregation.sampling import BATCH

SAMPLED_ROWS = 250_000  # a key of one row in 25,000 is missed once in 20,000 samples; one missed costs another scan
FEWEST_SAMPLED_ROWS = 100_000
SAMPLED_SHARE = 0.05
LARGEST = 1 << 22  # cells that an engine may keep in one array: groups x paths
_TRACE = 0.001  # share of rows that may be summed apart without much of a loss


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The keys and the paths of a sample with a code for each; rows that hold others are summed apart."""

    groups: pl.DataFrame
    paths: pl.DataFrame


def dictionary_of(sample: pl.DataFrame, keys: list[str], path: list[str]) -> Dictionary | None:
    """The dictionary of a sample; None where it would leave out more than a trace of the rows."""
    groups, paths = _codes(sample, keys, "group_code"), _codes(sample, path, "path_code")
    if groups is None or paths is None or groups.height * paths.height > LARGEST:
        return None
    return Dictionary(groups, paths)


def names_of(sample: pl.DataFrame, columns: list[str]) -> dict[str, pl.Series] | None:
    """The texts of each column of a sample, sorted; None where they would leave out more than a trace of the rows."""
    found = {name: _codes(sample, [name], "code") for name in columns}
    names = {name: codes[name] for name, codes in found.items() if codes is not None}
    return names if len(names) == len(columns) else None


def _codes(sample: pl.DataFrame, columns: list[str], name: str) -> pl.DataFrame | None:
    """The combinations of some columns with a code for each, or None where the sample does not show them all.

    The share of rows whose key is not in a sample is about the share of the sample's keys that occur once in it, or,
    where rows were taken in batches and those of a batch resemble each other, in one batch alone.
    """
    counts = [pl.len().alias("_rows")]
    if BATCH in sample.columns:
        counts.append(pl.col(BATCH).n_unique().alias("_batches"))
    counted = sample.group_by(columns).agg(counts).sort(columns)
    if counted.is_empty() or counted.select(pl.any_horizontal(pl.col(columns).is_null()).any()).item():
        return None
    apart = int((counted["_rows"] == 1).sum())
    if BATCH in sample.columns and sample[BATCH].n_unique() > 1:
        apart = max(apart, int(counted.filter(pl.col("_batches") == 1)["_rows"].sum()))
    if apart > _TRACE * sample.height:
        return None
    return counted.select(columns).with_row_index(name)
