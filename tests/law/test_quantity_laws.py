"""Laws of typed quantities: no text escapes with a traceback, sums commute, prefixes are powers of ten."""

from __future__ import annotations

import contextlib
import csv
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gigaledger.errors import GigaledgerError, MixedMeasures
from gigaledger.paths import datasets_folder
from gigaledger.quantity import Quantity, parse_quantity, unit_factor

with (datasets_folder() / "vocabulary/measure.csv").open(encoding="utf-8", newline="") as _file:
    MEASURES = {row["measure"]: row["unit"] for row in csv.DictReader(_file)}
CHIPS = {"tpuv7": "tpu-v7", "gb200": "gb200", "b200": "b200", "h100": "h100"}
POWER = sorted(measure for measure, unit in MEASURES.items() if unit == "MW")

amounts = st.floats(min_value=0, max_value=1e12, allow_subnormal=False)
WORDS = [
    "up to",
    "about",
    "over",
    "from",
    "and",
    "per",
    "a",
    "one",
    "half a",
    "million",
    "bn",
    "k",
    "m",
    "b",
    "nan",
]
NUMBERS = ["30", "1e6", "1e400", "1e-400", "1,000", "0", "\u0663", "\xb2"]
UNITS = [
    "GW",
    "mW",
    "W_it",
    "MW_it",
    "USD",
    "$",
    "US$",
    "USD/year",
    "year",
    "TPU v7",
    "GB200",
    "chips",
    "hours",
    "H100e",
]
MARKS = [" ", "-", "+", "/", ".", ",", "_", "(", ")", "*", "**", "\N{MINUS SIGN}"]
pieces = st.sampled_from([*WORDS, *NUMBERS, *UNITS, *MARKS])
quantity_like = st.lists(pieces, max_size=12).flatmap(
    lambda words: st.sampled_from(["", " "]).map(lambda gap: gap.join(words))
)


def parse(text: str, measure: str | None = None) -> Quantity:
    return parse_quantity(text, chips=CHIPS, measures=MEASURES, measure=measure)


@given(st.one_of(st.text(), quantity_like), st.sampled_from([None, *MEASURES]))
@example("0e99999999999999999999 W", None)
@example("1e999999999999999999999 USD", None)
@example("1 \udcff", None)
def test_any_text_is_a_sound_quantity_or_is_refused(text: str, measure: str | None) -> None:
    try:
        quantity = parse(text, measure)
    except GigaledgerError:
        return
    ends = [end for end in (quantity.low, quantity.best, quantity.high) if end is not None]
    assert ends == sorted(ends)
    assert all(math.isfinite(end) and end >= 0 for end in ends)
    assert len(ends) == (2 if quantity.qualifier == "range" else 1)
    assert quantity.unit == MEASURES[quantity.measure]
    assert measure in (None, quantity.measure)
    assert str(quantity)


@given(st.one_of(st.text(), quantity_like), st.sampled_from(sorted(MEASURES)))
def test_any_unit_of_a_column_has_a_factor_above_zero_or_is_refused(unit: str, measure: str) -> None:
    with contextlib.suppress(GigaledgerError):
        assert unit_factor(unit, measure, measures=MEASURES) > 0


@given(amounts, st.sampled_from(sorted(MEASURES)))
def test_amount_in_the_canonical_unit_is_unchanged(amount: float, measure: str) -> None:
    assert parse(f"{amount!r} {MEASURES[measure]}", measure).best == amount


@given(st.integers(min_value=0, max_value=10**12), st.sampled_from(POWER))
def test_prefixes_are_powers_of_ten(amount: int, measure: str) -> None:
    unit = f"W_{measure.removesuffix('_power')}"
    in_mw = parse(f"{amount} M{unit}")
    assert in_mw.measure == measure
    for prefix, exponent in (("", 6), ("k", 3), ("G", -3), ("T", -6)):
        assert parse(f"{amount}e{exponent} {prefix}{unit}").best == in_mw.best == amount


@given(amounts, amounts)
def test_sums_commute_and_a_difference_undoes_them(first: float, second: float) -> None:
    one, two = parse(f"{first!r} MW_it"), parse(f"{second!r} MW_it")
    assert one + two == two + one
    back = (one + two - two).best
    assert back == pytest.approx(first, rel=1e-9, abs=1e-3)


@given(st.lists(st.sampled_from(POWER), min_size=2, max_size=2, unique=True))
def test_different_boundaries_of_power_never_add(measures: list[str]) -> None:
    first, second = (parse("1 GW", measure) for measure in measures)
    with pytest.raises(MixedMeasures) as refusal:
        _ = first + second
    assert all(measure in str(refusal.value) for measure in measures)


@given(amounts, st.floats(min_value=0, max_value=1e6))
def test_a_multiple_by_a_number_works_from_both_sides(amount: float, factor: float) -> None:
    quantity = Quantity(amount, None, 2 * amount, "it_power", "MW", "range")
    assert factor * quantity == quantity * factor
    assert (quantity * factor).low == amount * factor
