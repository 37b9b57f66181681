"""How steady medians are between seeds: every measure from every other, for chips and mixes.

By theory: the median of n independent draws of a log-normal quantity whose 95th percentile is w times its 5th has a
standard error of 1.25 ln(w) / 3.29 / sqrt(n), 1.1 % at w = 2.5 and n = 1,024. Stratified, antithetic draws do better
where the spreads are even.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from gigaledger.errors import BadQuestion
from gigaledger.ledger import open_ledger

CHIPS = ("h100", "gb300", "tpu-v7", "trainium2", "nvidia-mix", "industry-mix")
MEASURES = [
    *("chips", "compute", "compute_bf16", "chip_power", "it_power", "facility_power", "utility_power", "energy"),
    *("unstated_power", "chip_capex", "it_capex", "site_capex", "total_capex", "unstated_capex"),
    *("lease_spend", "cloud_spend"),
]
SEEDS = range(5)


def conversions(seed: int, draws: int = 1024) -> tuple[np.ndarray, np.ndarray]:
    """The median of one unit of each measure in each other, chip by chip, and its width (95th over 5th percentile)."""
    ledger = open_ledger(seed=seed, draws=draws, for_conversion=True)
    ledger.rate(f"select unnest({list(CHIPS)!r}) as chip_id, 2026 as year")
    columns = ledger.connection.execute(
        f"select {', '.join(MEASURES)} from bundle_draw order by chip_id, draw"
    ).fetchnumpy()
    bundle = np.stack([np.asarray(columns[name], dtype=float).reshape(len(CHIPS), draws) for name in MEASURES])
    rates = np.concatenate([bundle[to] / bundle[by] for by, to in itertools.permutations(range(len(MEASURES)), 2)])
    low, middle, high = np.quantile(rates, (0.05, 0.50, 0.95), axis=1)
    return middle, high / low


def moves(medians: list[np.ndarray]) -> np.ndarray:
    """The largest distance of each median from its mean over the seeds [share]."""
    each = np.stack(medians)
    return np.abs(each / each.mean(axis=0) - 1).max(axis=0)


@pytest.fixture(scope="module")
def by_seed() -> list[tuple[np.ndarray, np.ndarray]]:
    return [conversions(seed) for seed in SEEDS]


def test_conversions_are_every_measure_from_every_other(by_seed: list[tuple[np.ndarray, np.ndarray]]) -> None:
    assert len(by_seed[0][0]) == len(CHIPS) * len(MEASURES) * (len(MEASURES) - 1) == 1440


def test_medians_of_narrow_intervals_move_by_less_than_one_percent(
    by_seed: list[tuple[np.ndarray, np.ndarray]],
) -> None:
    is_narrow = np.mean([width for _, width in by_seed], axis=0) <= 2
    assert is_narrow.sum() > 500
    assert moves([median for median, _ in by_seed])[is_narrow].max() < 0.01


def test_medians_of_wide_intervals_move_little(by_seed: list[tuple[np.ndarray, np.ndarray]]) -> None:
    moved = moves([median for median, _ in by_seed])
    assert np.mean(moved < 0.01) > 0.85
    assert np.quantile(moved, 0.99) < 0.022
    assert moved.max() < 0.03


def test_medians_move_less_than_those_of_independent_draws_would(
    by_seed: list[tuple[np.ndarray, np.ndarray]],
) -> None:
    medians = np.log(np.stack([median for median, _ in by_seed]))
    width = np.mean([width for _, width in by_seed], axis=0)
    is_uncertain = width > 1.1
    independent = 1.2533 * np.log(width[is_uncertain]) / 3.29 / np.sqrt(1024)
    assert np.median(medians.std(axis=0, ddof=1)[is_uncertain] / independent) < 0.7


def test_number_of_draws_that_cannot_be_made_is_refused() -> None:
    with pytest.raises(BadQuestion, match="65 draws: expected an even number of draws from 64 to 65536"):
        open_ledger(draws=65, for_conversion=True)


def test_eight_times_the_draws_hold_every_median_within_one_percent() -> None:
    assert moves([conversions(seed, draws=8192)[0] for seed in range(3)]).max() < 0.01
