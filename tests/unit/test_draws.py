"""The strata of the draws and the shapes of the distributions."""

from __future__ import annotations

import math
from statistics import NormalDist

import duckdb
import numpy as np
import pytest

from gigaledger.draws import PINNED, strata
from gigaledger.paths import sql_folder

COUNTS = [64, 100, 101, 1000, 1023, 1024, 4096]
Z95 = 1.6448536269514722


@pytest.fixture(scope="module")
def shapes() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for line in (sql_folder() / "install.sql").read_text(encoding="utf-8").splitlines():
        if line == ".read draws/assumption_row.sql":  # from here on the tables of a ledger are needed
            break
        if line.startswith((".read constants/", ".read draws/")):
            connection.execute((sql_folder() / line.removeprefix(".read ")).read_text(encoding="utf-8"))
    return connection


def spread(  # noqa: PLR0913, PLR0917 - as the macro
    shapes: duckdb.DuckDBPyConnection, low: float, best: float, high: float, distribution: str, z: float
) -> float:
    """The value of a distribution at a normal deviate."""
    u = NormalDist().cdf(z)
    found = shapes.execute("select spread_value($1, $2, $3, $4, $5, $6)", [low, best, high, distribution, z, u])
    return float(found.fetchall()[0][0])


@pytest.mark.parametrize("count", COUNTS)
def test_draws_are_numbered_from_one(count: int) -> None:
    assert [draw for draw, _, _ in strata(count)] == list(range(1, count + 1))


@pytest.mark.parametrize("count", COUNTS)
def test_probabilities_ascend_strictly_between_zero_and_one_except_at_the_pins(count: int) -> None:
    probabilities = np.array([u for _, u, _ in strata(count)])
    assert 0 < probabilities[0] < probabilities[-1] < 1
    equal = probabilities[1:][np.diff(probabilities) <= 0]
    assert set(equal) <= set(PINNED)
    assert (np.diff(probabilities) >= 0).all()


@pytest.mark.parametrize("count", COUNTS)
def test_pinned_percentiles_are_met_exactly(count: int) -> None:
    probabilities = np.array([u for _, u, _ in strata(count)])
    assert np.quantile(probabilities, PINNED).tolist() == pytest.approx(PINNED, rel=1e-15)


@pytest.mark.parametrize("count", COUNTS)
def test_strata_are_evenly_spread(count: int) -> None:
    # Stratum i of n holds the probabilities from (i - 1) / n to i / n; pinning moves a point by less than one more.
    even = (np.arange(count) + 0.5) / count
    assert np.abs([u for _, u, _ in strata(count)] - even).max() < 1.5 / count


@pytest.mark.parametrize("count", COUNTS)
def test_strata_are_symmetric(count: int) -> None:
    deviates = np.array([z for _, _, z in strata(count)])
    np.testing.assert_allclose(deviates, -deviates[::-1], atol=1e-12)


def test_deviates_are_those_of_the_probabilities() -> None:
    for _, u, z in strata(1024):
        assert NormalDist().cdf(z) == pytest.approx(u, rel=1e-12)


@pytest.mark.parametrize("distribution", ["lognormal", "normal", "uniform", "logit"])
def test_every_distribution_meets_its_percentiles(shapes: duckdb.DuckDBPyConnection, distribution: str) -> None:
    assert spread(shapes, 0.2, 0.5, 0.6, distribution, -Z95) == pytest.approx(0.2, rel=1e-12)
    assert spread(shapes, 0.2, 0.5, 0.6, distribution, 0) == pytest.approx(0.5, rel=1e-12)
    assert spread(shapes, 0.2, 0.5, 0.6, distribution, Z95) == pytest.approx(0.6, rel=1e-12)


def test_lognormal_has_a_width_of_its_own_on_each_side(shapes: duckdb.DuckDBPyConnection) -> None:
    # Below the median by factors of 2 per 1.645 deviations, above it by factors of 3.
    assert spread(shapes, 50, 100, 300, "lognormal", -2 * Z95) == pytest.approx(25, rel=1e-12)
    assert spread(shapes, 50, 100, 300, "lognormal", 2 * Z95) == pytest.approx(900, rel=1e-12)


def test_normal_is_linear_in_its_deviate_and_never_negative(shapes: duckdb.DuckDBPyConnection) -> None:
    # 10 - 2 x 4 = 2 and 10 + 2 x 5 = 20; 10 - 3 x 4 would be -2.
    assert spread(shapes, 6, 10, 15, "normal", -2 * Z95) == pytest.approx(2, rel=1e-12)
    assert spread(shapes, 6, 10, 15, "normal", 2 * Z95) == pytest.approx(20, rel=1e-12)
    assert spread(shapes, 6, 10, 15, "normal", -3 * Z95) == 0


def test_uniform_is_linear_in_its_probability(shapes: duckdb.DuckDBPyConnection) -> None:
    # 0 at 5 %, 0.3 at 50 %: a third of the way from 50 % to 5 % (35 %) is 0.2.
    z = NormalDist().inv_cdf(0.35)
    assert spread(shapes, 0, 0.3, 0.9, "uniform", z) == pytest.approx(0.2, rel=1e-12)
    # and 0.9 at 95 %: two thirds of the way up from 50 % (80 %) is 0.7.
    assert spread(shapes, 0, 0.3, 0.9, "uniform", -NormalDist().inv_cdf(0.2)) == pytest.approx(0.7, rel=1e-12)
    assert spread(shapes, 0, 0.3, 0.9, "uniform", -3) == 0


def test_logit_of_a_share_stays_below_one(shapes: duckdb.DuckDBPyConnection) -> None:
    # Odds 1 at the median and 9 at the 95th percentile, so 81 at twice that deviate: 81 / 82.
    assert spread(shapes, 0.1, 0.5, 0.9, "logit", 2 * Z95) == pytest.approx(81 / 82, rel=1e-12)


def test_fixed_is_its_best(shapes: duckdb.DuckDBPyConnection) -> None:
    assert spread(shapes, 5, 5, 5, "fixed", 2.5) == 5
    assert spread(shapes, 0, 0, 0, "lognormal", 2.5) == 0


def test_normal_p95_is_the_percentile_of_the_normal_distribution(shapes: duckdb.DuckDBPyConnection) -> None:
    found = shapes.execute("select normal_p95()").fetchall()[0][0]
    assert math.isclose(found, NormalDist().inv_cdf(0.95), rel_tol=1e-15)
