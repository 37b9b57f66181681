"""Laws of conversion, draw by draw: rates behave like a currency table without arbitrage."""

from __future__ import annotations

import csv
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import gigaledger
from gigaledger.conversion import chip_names, convert_quantity, stated
from gigaledger.errors import GigaledgerError
from gigaledger.ledger import DRAW_COUNT, Ledger, open_ledger
from gigaledger.paths import datasets_folder
from gigaledger.quantity import parse_quantity


def column(file: str, name: str) -> list[str]:
    """The distinct values of a column of the bundled datasets."""
    with (datasets_folder() / file).open(encoding="utf-8", newline="") as opened:
        return sorted({row[name] for row in csv.DictReader(opened)})


with (datasets_folder() / "vocabulary/measure.csv").open(encoding="utf-8", newline="") as _file:
    _MEASURES = [row for row in csv.DictReader(_file) if row["kind"] != "fact"]
UNITS = {row["measure"]: row["unit"] for row in _MEASURES}
TARGETS = sorted(row["measure"] for row in _MEASURES if row["kind"] != "stated")
# A contract has a rate only together with its term, so rate_draw has none for it.
RATED = sorted([*TARGETS, "measured_power", "unstated_power", "unstated_capex"])
CHIPS = column("chip.csv", "chip_id")
MIXES = column("chip_mix.csv", "mix_id")
YEARS = range(2020, 2031)


class Rated(NamedTuple):
    """A chip or mix and its delivery year."""

    chip: str
    year: int


rated_chips = st.builds(Rated, st.sampled_from([*CHIPS, *MIXES]), st.sampled_from(YEARS))
rated = st.sampled_from(RATED)
targets = st.sampled_from(TARGETS)
amounts = st.floats(min_value=1e-3, max_value=1e9, allow_subnormal=False)
law = settings(max_examples=10, deadline=None)
# Each example asks the ledger several times: shrinking a failure would take minutes.
slow_law = settings(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    ledger = open_ledger()
    ledger.install("everything")
    return ledger


def converted(ledger: Ledger, amount: float, source: str, target: str, chip: Rated) -> np.ndarray:
    """An amount of one measure in another, one value per draw, by the SQL macro over `rate_draw`."""
    return _draws(
        ledger,
        "select converted_amount as amount from convert_draw($1, $2, $3, $4, $5) order by draw",
        [amount, source, target, *chip],
    )


def library_converted(ledger: Ledger, amount: float, source: str, target: str, chip: Rated) -> np.ndarray:
    """The same by the library: the quantity becomes a statement, and the formulas of deals reckon it."""
    quantity = parse_quantity(f"{amount!r} {UNITS[source]}", chips=chip_names(ledger), measures=UNITS, measure=source)
    with stated(ledger, quantity, chip.chip, chip.year, None, None):
        return _draws(
            ledger,
            "select amount from deal_draw_as_of('9999-12-31'::date, measures := [$1], deals := ['=quantity']) "
            "order by draw",
            [target],
        )


def _draws(ledger: Ledger, query: str, parameters: list[object]) -> np.ndarray:
    draws = np.ma.filled(ledger.connection.execute(query, parameters).fetchnumpy()["amount"], np.nan)
    assert draws.shape == (DRAW_COUNT,)
    assert np.isfinite(draws).all()
    return draws


def assert_same(left: np.ndarray | float, right: np.ndarray | float) -> None:
    np.testing.assert_allclose(left, right, rtol=1e-12, atol=0)


@law
@given(rated_chips, rated, amounts)
def test_conversion_into_the_same_measure_is_identity(ledger: Ledger, chip: Rated, measure: str, amount: float) -> None:
    assert (converted(ledger, amount, measure, measure, chip) == amount).all()


@law
@given(rated_chips, rated, rated, amounts)
def test_conversion_there_and_back_is_identity(
    ledger: Ledger, chip: Rated, source: str, target: str, amount: float
) -> None:
    there = converted(ledger, amount, source, target, chip)
    back = converted(ledger, 1.0, target, source, chip)
    assert_same(there * back, amount)


@law
@given(rated_chips, rated, rated, rated, amounts)
def test_conversion_over_a_third_measure_is_direct_conversion(  # noqa: PLR0913, PLR0917 - one argument each of the law
    ledger: Ledger, chip: Rated, source: str, between: str, target: str, amount: float
) -> None:
    over = converted(ledger, amount, source, between, chip) * converted(ledger, 1.0, between, target, chip)
    assert_same(over, converted(ledger, amount, source, target, chip))


@law
@given(rated_chips, rated, rated, amounts, st.floats(min_value=1e-3, max_value=1e3))
def test_conversion_scales_with_the_amount(  # noqa: PLR0913, PLR0917 - one argument each of the law
    ledger: Ledger, chip: Rated, source: str, target: str, amount: float, factor: float
) -> None:
    scaled = converted(ledger, factor * amount, source, target, chip)
    assert_same(scaled, factor * converted(ledger, amount, source, target, chip))


@slow_law
@given(rated_chips, targets, targets, targets, amounts)
def test_library_conversion_obeys_the_triangle(  # noqa: PLR0913, PLR0917 - one argument each of the law
    ledger: Ledger, chip: Rated, source: str, between: str, target: str, amount: float
) -> None:
    over = library_converted(ledger, amount, source, between, chip)
    over = over * library_converted(ledger, 1.0, between, target, chip)
    direct = library_converted(ledger, amount, source, target, chip)
    assert_same(over, direct)
    assert_same(direct, converted(ledger, amount, source, target, chip))


@slow_law
@given(rated_chips, rated, targets, amounts)
def test_convert_gives_the_percentiles_of_the_draws(
    ledger: Ledger, chip: Rated, source: str, target: str, amount: float
) -> None:
    frame = gigaledger.convert(f"{amount!r} {UNITS[source]}", to=target, measure=source, chip=chip.chip, year=chip.year)
    p05, p50, p95 = (frame[name].item() for name in ("p05", "p50", "p95"))
    draws = converted(ledger, amount, source, target, chip)
    np.testing.assert_allclose((p05, p50, p95), np.quantile(draws, (0.05, 0.50, 0.95)), rtol=1e-9)
    np.testing.assert_allclose(frame["mean"].item(), draws.mean(), rtol=1e-9)
    assert frame["unit"].item() == UNITS[target]


@slow_law
@given(rated_chips, targets, targets, amounts, st.floats(min_value=1e-3, max_value=1e3))
def test_library_conversion_scales_and_returns(  # noqa: PLR0913, PLR0917 - one argument each of the law
    ledger: Ledger, chip: Rated, source: str, target: str, amount: float, factor: float
) -> None:
    there = library_converted(ledger, amount, source, target, chip)
    assert_same(library_converted(ledger, factor * amount, source, target, chip), factor * there)
    assert_same(there * library_converted(ledger, 1.0, target, source, chip), amount)


@slow_law
@given(rated_chips, st.sampled_from(sorted(UNITS)), amounts)
def test_percentiles_of_a_conversion_into_all_measures_are_in_order(
    ledger: Ledger, chip: Rated, source: str, amount: float
) -> None:
    frame = ledger.convert(
        f"{amount!r} {UNITS[source]}", to="all", measure=source, chip=chip.chip, year=chip.year, term_years=5
    )
    assert sorted(frame["measure"]) == TARGETS
    assert frame.null_count().sum_horizontal().item() == 0
    assert (frame["p05"] <= frame["p50"]).all()
    assert (frame["p50"] <= frame["p95"]).all()
    assert (frame["p05"] > 0).all()


def test_every_chip_mix_and_year_has_a_rate_in_every_measure(ledger: Ledger) -> None:
    found, without, *expected = ledger.rows(
        "select count(*), count(*) filter (amount_per_chip is null or not isfinite(amount_per_chip) "
        "or amount_per_chip <= 0), count(distinct chip_id), count(distinct year), count(distinct measure) "
        "from rate_draw"
    )[0]
    assert without == 0
    assert expected == [len(CHIPS) + len(MIXES), len(YEARS), len(RATED)]
    # Each measure of each chip, mix and year in each draw: so every measure converts into every other.
    assert found == (len(CHIPS) + len(MIXES)) * len(YEARS) * len(RATED) * DRAW_COUNT


def test_percentiles_of_every_rate_are_in_order(ledger: Ledger) -> None:
    columns = ledger.connection.execute("select columns('amount_per_chip_.*') from rate").fetchnumpy()
    p05, p50, p95 = (columns[f"amount_per_chip_{name}"] for name in ("p05", "p50", "p95"))
    assert len(p50) == (len(CHIPS) + len(MIXES)) * len(YEARS) * len(RATED)
    assert (p05 > 0).all()
    assert (p05 <= p50).all()
    assert (p50 <= p95).all()


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        ("facility_power", "it_power"),
        ("utility_power", "facility_power"),
        ("it_capex", "chip_capex"),
        ("total_capex", "site_capex"),
        ("total_capex", "it_capex"),
        ("unstated_power", "it_power"),
        ("utility_power", "unstated_power"),
        ("unstated_capex", "site_capex"),
        ("total_capex", "unstated_capex"),
    ],
)
def test_whole_is_at_least_its_part_in_every_draw(ledger: Ledger, whole: str, part: str) -> None:
    smaller = ledger.rows(
        f"select chip_id, year, count(*) from bundle_draw_formula where {whole} < {part} * (1 - 1e-12) "
        "group by chip_id, year order by all limit 5"
    )
    assert smaller == [], f"{whole} is below {part}"


def test_total_capex_is_it_and_site_together(ledger: Ledger) -> None:
    apart = ledger.rows(
        "select count(*) from bundle_draw_formula where abs(it_capex + site_capex - total_capex) > 1e-12 * total_capex"
    )
    assert apart == [(0,)]


def test_energy_is_at_most_that_of_a_full_year(ledger: Ledger) -> None:
    above = ledger.rows("select count(*) from bundle_draw_formula where energy > facility_power * 8766")
    assert above == [(0,)]


def test_write_off_is_it_and_site_over_their_useful_lives(ledger: Ledger) -> None:
    set_lives = {"chip_useful_life_years": (5.0, 5.0, 5.0), "site_useful_life_years": (20.0, 20.0, 20.0)}
    fixed = open_ledger(settings=set_lives)
    found = fixed.sql("from write_off(1000, 'it_power', 'gb300', 2026)")
    it = converted(fixed, 1000, "it_power", "it_capex", Rated("gb300", 2026))
    site = converted(fixed, 1000, "it_power", "site_capex", Rated("gb300", 2026))
    np.testing.assert_allclose(found["amount_p50"].item(), np.quantile(it / 5 + site / 20, 0.5), rtol=1e-9)
    assert found["unit"].item() == "USD/year"
    uncertain = ledger.sql("from write_off(1000, 'it_power', 'gb300', 2026)")
    assert uncertain["amount_p95"].item() / uncertain["amount_p05"].item() > 2
    assert ledger.sql("from write_off(1000, 'it_power', 'no-such-chip', 2026)").is_empty()


def test_conversion_leaves_the_ledger_as_it_was() -> None:
    ledger = open_ledger(draws=64, for_conversion=True)
    tables = ("deal", "statement", "organization")
    before = [ledger.rows(f"select * from {table} order by all") for table in tables]
    convert_quantity(ledger, "1 GW", "chips", builder="landlord")
    with pytest.raises(GigaledgerError):
        convert_quantity(ledger, "$1 billion", "it_power", measure="lease_contract", chip="h100", term_years=-1)
    assert [ledger.rows(f"select * from {table} order by all") for table in tables] == before
