"""The statistics of draws beside plain NumPy, where rounding, ties and extremes could mislead them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.sparse import csr_array

from gigaledger.aggregation.statistics import Product, percentiles, proportional

if TYPE_CHECKING:
    import numpy.typing as npt

RANDOM = np.random.default_rng(3)
PLAIN = RANDOM.lognormal(0, 1, (50, 1024))
NEAR = 1 + 1e-9 * RANDOM.permuted(np.tile(np.arange(1024), (50, 1)), axis=1)


@pytest.mark.parametrize(
    "draws",
    [
        PLAIN,
        PLAIN[:, :64],
        -PLAIN,
        NEAR,
        np.ones((3, 64)),
        np.round(PLAIN),
        PLAIN * 1e300,
        PLAIN * 1e-300,
        np.vstack([PLAIN, np.zeros((1, 1024)), NEAR]),
    ],
)
def test_percentiles_are_those_of_the_sorted_draws(draws: npt.NDArray[np.float64]) -> None:
    before = draws.copy()
    found = percentiles(draws)
    for name, share in (("p05", 0.05), ("p50", 0.5), ("p95", 0.95)):
        np.testing.assert_allclose(found[f"amount_{name}"], np.quantile(draws, share, axis=1), rtol=1e-14)
    np.testing.assert_array_equal(draws, before)


def test_percentiles_of_what_cannot_be_rated_are_not_numbers() -> None:
    draws = PLAIN.copy()
    draws[7] = np.nan
    found = percentiles(draws)
    assert all(np.flatnonzero(np.isnan(values)).tolist() == [7] for values in found.values())


def test_rates_that_are_multiples_are_rated_as_one() -> None:
    shapes = RANDOM.lognormal(0, 0.3, (4, 256))
    shapes[3, :3] = 0
    places = RANDOM.integers(0, 4, 40)
    rates = shapes[places] * RANDOM.lognormal(0, 2, (40, 1))
    kinds, scale, leaders = proportional(rates)
    np.testing.assert_allclose(scale[:, None] * rates[leaders][kinds], rates, rtol=1e-12)
    assert {tuple(set(places[kinds == kind])) for kind in kinds} == {(0,), (1,), (2,), (3,)}
    amounts = RANDOM.lognormal(0, 1, (9, 40)) * (RANDOM.random((9, 40)) < 0.3)
    np.testing.assert_allclose(Product.of(csr_array(amounts), rates).rows(slice(None)), amounts @ rates, rtol=1e-12)


def test_rates_that_differ_in_one_draw_are_no_multiples() -> None:
    rates = np.repeat(RANDOM.lognormal(0, 0.3, (1, 256)), 2, axis=0)
    rates[1, 200] *= 1 + 1e-9
    assert proportional(rates)[2].size == 2


def test_extreme_rates_stay_what_they_are() -> None:
    rates = np.array([[np.inf, 1, 2, 3], [0, 0, 0, 0], [1e308, 1e308, 1e-300, 1]] * 2)
    with np.errstate(invalid="ignore", over="ignore"):
        found, expected = Product.of(csr_array(np.diag([1.0] * 6)), rates).rows(slice(None)), np.diag([1.0] * 6) @ rates
    np.testing.assert_array_equal(found[[1, 2, 4, 5]], expected[[1, 2, 4, 5]])
