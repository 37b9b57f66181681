"""Draws of groups from buckets and rates, and their mean and percentiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    import numpy.typing as npt

    Draws = npt.NDArray[np.float64]

PERCENTILES = {"p05": 0.05, "p50": 0.50, "p95": 0.95}


def rated(amounts: Draws, rates: Draws) -> Draws:
    """Amounts of groups, draw by draw: groups x paths times paths x draws.

    A group is nan where it holds an amount that cannot be rated: unknown is never 0.
    """
    missing = np.isnan(rates).any(axis=1)
    if not missing.any():
        return amounts @ rates
    drawn = amounts[:, ~missing] @ rates[~missing]
    drawn[(amounts[:, missing] != 0).any(axis=1)] = np.nan
    return drawn


def spread(drawn: Draws, variances: Draws, rates: Draws, deviates: Draws) -> Draws:
    """Amounts of groups with the spread of their rows, which are independent of each other, draw by draw.

    The sum of the rows of a group has the mean and the variance that the rows add up to; its shape is log-normal, which
    no draw makes negative and which many rows make normal, as their sum is.

    Args:
        drawn: amounts without that spread, groups x draws.
        variances: variances of the stated amounts, groups x paths.
        rates: target units per stated unit, paths x draws.
        deviates: standard normal deviates, groups x draws.
    """
    variance = rated(variances, rates * rates)
    with np.errstate(divide="ignore", invalid="ignore"):
        width = np.log1p(variance / (drawn * drawn))
        factor = np.exp(np.sqrt(width) * deviates - width / 2)
    return np.where(drawn != 0, drawn * factor, np.sqrt(variance) * deviates)


def statistics(drawn: Draws, mean: Draws) -> dict[str, pl.Series]:
    """The mean and the percentiles over the draws of each row, interpolated linearly as `quantile_cont` does."""
    ordered = np.sort(drawn, axis=1)
    last = drawn.shape[1] - 1
    columns = {"amount_mean": mean}
    for name, share in PERCENTILES.items():
        below = int(np.floor(share * last))
        low, high = ordered[:, below], ordered[:, min(below + 1, last)]
        columns[f"amount_{name}"] = low + (high - low) * (share * last - below)
    return {name: pl.Series(values).fill_nan(None) for name, values in columns.items()}
