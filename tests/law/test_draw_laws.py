"""Laws of the draws: percentiles are met exactly, streams hang on seed and name alone."""

from __future__ import annotations

import itertools
import math
from functools import cache
from typing import NamedTuple

import duckdb
import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from gigaledger.ledger import DRAW_COUNT, Ledger, _create_strata, open_ledger
from gigaledger.paths import datasets_folder, sql_folder

PERCENTILES = (0.05, 0.50, 0.95)
DRAW_FORMULAS = [
    (sql_folder() / line.removeprefix(".read ")).read_text(encoding="utf-8")
    for line in (sql_folder() / "install.sql").read_text(encoding="utf-8").splitlines()
    if line.startswith(".read draws/")
]
law = settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])

ids = st.from_regex(r"[a-z]{1,8}(\.[a-z0-9]{1,8}){0,2}", fullmatch=True)
id_sets = st.lists(ids, min_size=2, max_size=6, unique=True)
seeds = st.integers(min_value=0, max_value=2**31)
positive = st.floats(min_value=1e-6, max_value=1e6, allow_subnormal=False)
shares = st.floats(min_value=0.001, max_value=0.999)
non_negative = st.one_of(st.just(0.0), positive)


class Shape(NamedTuple):
    """Percentiles and the name of a distribution."""

    low: float
    best: float
    high: float
    distribution: str | None


def _shape(distribution: str | None, numbers: list[float]) -> Shape:
    return Shape(*sorted(numbers), distribution)


def _three(numbers: st.SearchStrategy[float]) -> st.SearchStrategy[list[float]]:
    return st.lists(numbers, min_size=3, max_size=3)


shapes = st.one_of(
    st.builds(_shape, st.sampled_from([None, "lognormal"]), _three(positive)),
    st.builds(_shape, st.just("logit"), _three(shares)),
    # low may be 0 here, as with the share of a site that a deal may not have at all
    st.builds(_shape, st.sampled_from(["normal", "uniform"]), _three(non_negative)),
    st.builds(lambda value: Shape(value, value, value, "fixed"), non_negative),
)


@pytest.fixture(scope="module")
def bundled() -> Ledger:
    return open_ledger(for_conversion=True)


@cache
def stream_connection() -> duckdb.DuckDBPyConnection:
    """The formulas of the draws over an empty table of assumptions."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(
        "create table assumption (assumption_id varchar, applies_to varchar, year varchar, low double, best double, "
        "high double, unit varchar, distribution varchar, source_id varchar, note varchar)"
    )
    connection.execute(
        "create table parameter as from read_csv($1)", [str(datasets_folder() / "vocabulary/parameter.csv")]
    )
    _create_strata(connection, seed=0)
    for formula in DRAW_FORMULAS:
        connection.execute(formula)
    return connection


def draws_of(assumptions: list[tuple[str, Shape]], seed: int = 0) -> list[np.ndarray]:
    """The draws of assumptions, given as id and shape; the place in the list stands in for what they apply to."""
    connection = stream_connection()
    connection.execute("update run set seed = $1", [seed])
    connection.execute("delete from assumption")
    columns = [
        [name for name, _ in assumptions],
        *(list(part) for part in zip(*(s for _, s in assumptions), strict=True)),
    ]
    connection.execute(
        "insert into assumption select unnest($1), concat('chip-', unnest(range(len($1)))), '*', unnest($2::double[]), "
        "unnest($3::double[]), unnest($4::double[]), 'ratio', unnest($5::varchar[]), null, null",
        columns,
    )
    found = dict(connection.execute("select assumption_key, draws from assumption_draw_formula").fetchall())
    return [np.array(found[f"{name}@chip-{place}@*"]) for place, (name, _) in enumerate(assumptions)]


def assert_percentiles(draws: np.ndarray, shape: tuple[float, float, float]) -> None:
    """The percentiles with linear interpolation are those of the shape, to 1e-12 relative."""
    found = np.quantile(draws, PERCENTILES)
    np.testing.assert_allclose(found, shape, rtol=1e-12, atol=1e-12 * max(shape))


@law
@given(shapes, ids, seeds)
def test_percentiles_are_low_best_and_high(shape: Shape, name: str, seed: int) -> None:
    (draws,) = draws_of([(name, shape)], seed)
    assert draws.shape == (DRAW_COUNT,)
    assert np.isfinite(draws).all()
    assert (draws >= 0).all()
    assert_percentiles(draws, shape[:3])


@law
@given(st.builds(_shape, st.just("logit"), _three(shares)), ids)
def test_shares_stay_between_nothing_and_all(shape: Shape, name: str) -> None:
    (draws,) = draws_of([(name, shape)])
    assert ((draws > 0) & (draws < 1) | (shape.low == shape.high)).all()


def test_percentiles_of_every_bundled_assumption_are_low_best_and_high(bundled: Ledger) -> None:
    rows = bundled.rows(
        "select low, best, high, draws from assumption_draw inner join assumption_row using (assumption_key)"
    )
    assert len(rows) > 60
    for low, best, high, draws in rows:
        assert_percentiles(np.array(draws), (low, best, high))


def test_percentiles_in_sql_are_those_in_numpy(bundled: Ledger) -> None:
    apart = bundled.rows(
        "select assumption_key from assumption_draw inner join assumption_row using (assumption_key) "
        "where abs(list_aggregate(draws, 'quantile_cont', 0.05) - low) > 1e-12 * high "
        "or abs(list_aggregate(draws, 'quantile_cont', 0.50) - best) > 1e-12 * high "
        "or abs(list_aggregate(draws, 'quantile_cont', 0.95) - high) > 1e-12 * high"
    )
    assert apart == []


@law
@given(id_sets, seeds, st.randoms(use_true_random=False))
def test_adding_or_reordering_assumptions_changes_no_other_stream(names: list[str], seed: int, random: object) -> None:
    shape = Shape(1, 2, 5, None)
    (alone,) = draws_of([(names[0], shape)], seed)
    shuffled = list(names)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    together = draws_of([(name, shape) for name in shuffled], seed)
    assert (together[shuffled.index(names[0])] == alone).all()


@law
@given(ids, seeds, seeds)
def test_another_seed_gives_another_order_of_the_same_values(name: str, one: int, other: int) -> None:
    assume(one != other)
    shape = Shape(1, 2, 5, None)
    (first,), (second,) = draws_of([(name, shape)], one), draws_of([(name, shape)], other)
    assert (first != second).any()
    assert (np.sort(first) == np.sort(second)).all()
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.25


@law
@given(ids, shapes, shapes)
def test_rows_that_share_an_id_move_together(name: str, one: Shape, other: Shape) -> None:
    assume(one.low < one.high)
    first, second = draws_of([(name, one), (name, other)])
    order = np.argsort(first, kind="stable")
    # Comonotone: sorted by one, the other never falls, apart from the last bits and ties of the first.
    ordered = second[order]
    falls = np.diff(ordered) < -1e-12 * second.max()
    assert (~falls | (np.diff(first[order]) == 0)).all()


@law
@given(id_sets)
def test_assumptions_with_different_ids_are_nearly_uncorrelated(names: list[str]) -> None:
    draws = draws_of([(name, Shape(1, 2, 5, "uniform")) for name in names])
    for one, other in itertools.combinations(draws, 2):
        # The standard error of a correlation of 512 mirrored pairs of draws is sqrt(2 / 1023) = 0.044.
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.25


def test_bundled_streams_are_nearly_uncorrelated(bundled: Ledger) -> None:
    rows = bundled.rows(
        "select any_value(draws) from assumption_draw where list_min(draws) < list_max(draws) "
        "group by assumption_id order by assumption_id"
    )
    # By rank, so that the shape of a distribution does not matter.
    ranks = np.argsort(np.argsort(np.array([draws for (draws,) in rows]), axis=1), axis=1)
    correlations = np.corrcoef(ranks)[np.triu_indices(len(ranks), k=1)]
    error = math.sqrt(2 / (DRAW_COUNT - 1))
    assert np.abs(correlations).max() < 5.5 * error
    assert np.sqrt(np.mean(correlations**2)) < 1.2 * error


TEN_CONVERSIONS = [
    ("1e6 TPUv7", "it_power", {"year": 2026}),
    ("1e6 TPUv7", "total_capex", {"year": 2026}),
    ("1 GW", "chips", {"measure": "it_power", "chip": "gb300", "year": 2026}),
    ("1 GW", "compute", {"measure": "facility_power", "chip": "trainium2", "year": 2025}),
    ("1 GW", "total_capex", {"measure": "it_power", "chip": "nvidia-mix", "year": 2026}),
    ("1 GW", "site_capex", {"measure": "utility_power", "chip": "industry-mix", "year": 2026}),
    ("50e9 USD", "it_power", {"measure": "total_capex", "chip": "nvidia-mix", "year": 2026}),
    ("30e9 USD", "chips", {"measure": "cloud_contract", "chip": "gb300", "year": 2026, "term_years": 5}),
    ("100e3 H100e", "cloud_spend", {"chip": "h100", "year": 2025}),
    ("100e3 H100", "energy", {"year": 2025}),
]


@pytest.fixture(scope="module")
def ledgers_by_seed() -> list[Ledger]:
    return [open_ledger(seed=seed, for_conversion=True) for seed in range(5)]


@pytest.mark.parametrize(("quantity", "to", "options"), TEN_CONVERSIONS)
def test_medians_move_by_less_than_one_percent_between_seeds(
    ledgers_by_seed: list[Ledger], quantity: str, to: str, options: dict[str, str | int]
) -> None:
    medians = np.array([ledger.convert(quantity, to, **options)["p50"].item() for ledger in ledgers_by_seed])
    assert medians.max() / medians.min() - 1 < 0.01, medians
