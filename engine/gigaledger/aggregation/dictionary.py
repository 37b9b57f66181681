"""Codes of keys and paths, found in a sample of the rows, so that the scan groups by two small integers."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

SAMPLED_ROWS = 500_000  # a key of one row in 50,000 is missed once in 20,000 samples; one missed costs another scan
LARGEST = 1 << 22  # cells that an engine may keep in one array: groups x paths


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The keys and the paths of a sample with a code for each; rows that hold others are summed apart."""

    groups: pl.DataFrame
    paths: pl.DataFrame


def dictionary_of(sample: pl.DataFrame, keys: list[str], path: list[str]) -> Dictionary | None:
    """The dictionary of a sample; None where it would leave out more than a trace of the rows.

    The share of rows whose key is not in a sample is about the share of the sample's keys that occur once in it.
    """
    groups, paths = _codes(sample, keys, "group_code"), _codes(sample, path, "path_code")
    if groups is None or paths is None or groups.height * paths.height > LARGEST:
        return None
    return Dictionary(groups, paths)


def _codes(sample: pl.DataFrame, columns: list[str], name: str) -> pl.DataFrame | None:
    """The combinations of some columns with a code for each, or None where the sample does not show them all."""
    counted = sample.group_by(columns).len("_rows").sort(columns)
    holds_null = counted.select(pl.any_horizontal(pl.col(columns).is_null()).any()).item()
    singles = counted.filter(pl.col("_rows") == 1).height
    if holds_null or counted.is_empty() or singles * 1000 > sample.height:
        return None
    return counted.drop("_rows").with_row_index(name)
