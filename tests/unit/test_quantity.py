"""Texts that are quantities, texts that are not, and arithmetic that is refused."""

from __future__ import annotations

import csv
import subprocess
import sys

import pytest

from gigaledger.errors import BadQuantity, GigaledgerError, MixedMeasures, UnknownMeasure, UnknownUnit
from gigaledger.paths import datasets_folder
from gigaledger.quantity import Quantity, canonical_measure, fold_name, parse_quantity, unit_factor

with (datasets_folder() / "vocabulary/measure.csv").open(encoding="utf-8", newline="") as _file:
    MEASURES = {row["measure"]: row["unit"] for row in csv.DictReader(_file)}
CHIPS = {
    "tpuv7": "tpu-v7",
    "ironwood": "tpu-v7",
    "tpu": "google-mix",
    "gb200": "gb200",
    "h100": "h100",
    "b200": "b200",
    "b200(hgx)": "b200",
}


def parse(text: str, measure: str | None = None) -> Quantity:
    return parse_quantity(text, chips=CHIPS, measures=MEASURES, measure=measure)


EXACT = [
    ("1.2 GW_it", 1200, "it_power", None),
    ("300 MW_facility", 300, "facility_power", None),
    ("1 GW_utility", 1000, "utility_power", None),
    ("5 MW_chip", 5, "chip_power", None),
    ("2500 kW_it", 2.5, "it_power", None),
    ("1 gw_it", 1000, "it_power", None),
    ("1 Tw_it", 1e6, "it_power", None),
    ("1 GW IT", 1000, "it_power", None),
    (".5 GW_it", 500, "it_power", None),
    ("1.2 GW", 1200, "unstated_power", None),
    ("1200 MW", 1200, "unstated_power", None),
    ("1.2 gigawatts", 1200, "unstated_power", None),
    ("0 MW_it", 0, "it_power", None),
    ("1e6 TPUv7", 1e6, "chips", "tpu-v7"),
    ("1e+6 TPUv7", 1e6, "chips", "tpu-v7"),
    ("1,000,000 TPU v7", 1e6, "chips", "tpu-v7"),
    ("1e6 Ironwood TPUs", 1e6, "chips", "tpu-v7"),
    ("400,000 GB200", 4e5, "chips", "gb200"),
    ("400,000 GB200s", 4e5, "chips", "gb200"),
    ("400,000 GB200 GPUs", 4e5, "chips", "gb200"),
    ("100 kGB200", 1e5, "chips", "gb200"),
    ("8 B200 (HGX)", 8, "chips", "b200"),
    ("one million TPUs", 1e6, "chips", "google-mix"),
    ("half a million chips", 5e5, "chips", None),
    ("10 million chips", 1e7, "chips", None),
    ("3e9 chip-hours", 3e9, "chip_hours", None),
    ("3e9 H100-hours", 3e9, "chip_hours", "h100"),
    ("276k H100e", 276_000, "compute", None),
    ("276 kH100e", 276_000, "compute", None),
    ("276k H100-equivalents", 276_000, "compute", None),
    ("100k H100e_bf16", 100_000, "compute_bf16", None),
    ("2 TWh/year", 2e6, "energy", None),
    ("5 GWh per year", 5000, "energy", None),
    ("50e9 USD", 50e9, "unstated_capex", None),
    ("30 billion USD", 30e9, "unstated_capex", None),
    ("30 billion US dollars", 30e9, "unstated_capex", None),
    ("30bn USD", 30e9, "unstated_capex", None),
    ("USD 30bn", 30e9, "unstated_capex", None),
    ("US$30bn", 30e9, "unstated_capex", None),
    ("$30 billion", 30e9, "unstated_capex", None),
    ("$50B", 50e9, "unstated_capex", None),
    ("$2m", 2e6, "unstated_capex", None),
    ("$1.4 trillion", 1.4e12, "unstated_capex", None),
    ("50e9 USD_total_capex", 50e9, "total_capex", None),
    ("1.5 billion USD_cloud_spend/year", 1.5e9, "cloud_spend", None),
    ("300,000 customers", 3e5, "customers", None),
    # Sums and differences: 1,000 + 200 and 1,000 - 200 megawatts.
    ("1 GW_it + 200 MW_it", 1200, "it_power", None),
    ("1GW_it+200MW_it", 1200, "it_power", None),
    ("1 GW_it - 200 MW_it", 800, "it_power", None),
]


@pytest.mark.parametrize(("text", "best", "measure", "chip_id"), EXACT)
def test_figure_is_read_in_the_canonical_unit(text: str, best: float, measure: str, chip_id: str | None) -> None:
    quantity = parse(text)
    assert (quantity.low, quantity.high, quantity.qualifier) == (None, None, "exact")
    assert (quantity.best, quantity.measure, quantity.chip_id) == (best, measure, chip_id)
    assert quantity.unit == MEASURES[measure]


QUALIFIED = [
    ("up to one million TPUs", "up_to", (None, None, 1e6)),
    ("up to about 1 GW_it", "up_to", (None, None, 1000)),
    ("more than $100 billion", "at_least", (100e9, None, None)),
    ("at least 1 GW", "at_least", (1000, None, None)),
    ("well over 1 GW", "at_least", (1000, None, None)),
    (">1 GW", "at_least", (1000, None, None)),
    ("about 1 GW", "about", (None, 1000, None)),
    ("around 1 GW", "about", (None, 1000, None)),
    ("approximately 1 GW", "about", (None, 1000, None)),
    ("nearly 1 GW", "about", (None, 1000, None)),
    ("roughly 1 GW", "about", (None, 1000, None)),
    ("~1 GW", "about", (None, 1000, None)),
    ("30-35 MW_it", "range", (30, None, 35)),
    ("30\N{EN DASH}35 MW_it", "range", (30, None, 35)),
    ("30 - 35 MW_it", "range", (30, None, 35)),
    ("about 30-35 MW_it", "range", (30, None, 35)),
    ("between 30 and 35 MW_it", "range", (30, None, 35)),
    ("30 MW_it to 0.035 GW_it", "range", (30, None, 35)),
    ("30 to 35 billion USD", "range", (30e9, None, 35e9)),
    ("$9-11 million", "range", (9e6, None, 11e6)),
    ("$9 million-$11 million", "range", (9e6, None, 11e6)),
    ("from $9 to $11 million", "range", (9e6, None, 11e6)),
    ("5-5 MW_it", "exact", (None, 5, None)),
]


@pytest.mark.parametrize(("text", "qualifier", "ends"), QUALIFIED)
def test_qualifier_says_which_ends_are_known(
    text: str, qualifier: str, ends: tuple[float | None, float | None, float | None]
) -> None:
    quantity = parse(text)
    assert quantity.qualifier == qualifier
    assert (quantity.low, quantity.best, quantity.high) == ends


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("1 GW", "facility_power"),
        ("$13 billion", "equity"),
        ("30 billion USD", "total_capex"),
        ("1.5 billion USD/year", "lease_spend"),
        ("$1.5 billion a year", "cloud_spend"),
        ("2 TWh/year", "energy"),
    ],
)
def test_measure_argument_types_a_bare_unit(text: str, measure: str) -> None:
    quantity = parse(text, measure)
    assert quantity.measure == measure
    assert not quantity.assumed


def test_bare_power_and_bare_dollars_say_how_they_were_read() -> None:
    (power,) = parse("1.2 GW").assumed
    assert "unstated_power" in power
    assert "--measure with one of chip_power, facility_power, it_power, measured_power, utility_power" in power
    (money,) = parse("$30 billion").assumed
    assert "unstated_capex" in money
    assert "total_capex" in money
    assert not parse("1.2 GW_it").assumed


REFUSED = [
    ("", BadQuantity, "empty"),
    ("  ", BadQuantity, "empty"),
    ("GW_it", BadQuantity, "does not begin with a number"),
    ("tens of billions of dollars", BadQuantity, "does not begin with a number"),
    ("12", BadQuantity, "has no unit"),
    ("up to", BadQuantity, "does not begin with a number"),
    ("nan GW_it", BadQuantity, "not finite"),
    ("inf GW_it", BadQuantity, "not finite"),
    ("1e400 USD", BadQuantity, "too large"),
    ("1e308 GW_it", BadQuantity, "too large"),
    ("1e-400 MW_it", BadQuantity, "too small"),
    ("-5 GW_it", BadQuantity, "negative"),
    ("$-5 billion", BadQuantity, "negative"),
    ("35-30 MW_it", BadQuantity, "from high to low"),
    ("0-30 MW_it", BadQuantity, "expected `up to`"),
    ("up to 30-35 MW_it", BadQuantity, "a range and a limit at once"),
    ("1,2 GW_it", BadQuantity, "commas separate thousands"),
    ("9" * 201, BadQuantity, "201 characters"),
    ("1.5 billion USD/year", BadQuantity, "cloud_spend or lease_spend"),
    ("1 GW_it - 2 GW_it", BadQuantity, "not below 0"),
    ("about 1 GW_it + 1 GW_it", BadQuantity, "only exact amounts are added"),
    ("5 mW", UnknownUnit, "did you mean 'MW'"),
    ("5 mw_it", UnknownUnit, "did you mean 'MW_it'"),
    ("5 GW_itt", UnknownUnit, "did you mean 'GW_it'"),
    ("5 TPUv8", UnknownUnit, "did you mean 'tpuv7'"),
    ("5 EUR", UnknownUnit, "neither a unit nor a chip"),
    ("5 TWh", UnknownUnit, "a unit of no measure; expected .*MWh/year"),
    ("5 USD/chip", UnknownUnit, "a unit of no measure"),
    ("100 GH100", UnknownUnit, "neither a unit nor a chip"),
    ("10\N{SUPERSCRIPT TWO} MW", UnknownUnit, "neither a unit nor a chip"),
    ("5 __import__('os')", UnknownUnit, "neither a unit nor a chip"),
    ("1 GW_it + 200 MW_facility", MixedMeasures, "cannot add facility_power .* to it_power .* --to"),
    ("1e6 TPUv7 + 50e9 USD", MixedMeasures, "cannot add unstated_capex .* to chips .* --to"),
    ("1e6 TPUv7 + 5 GB200", MixedMeasures, "cannot add gb200 to tpu-v7"),
    ("30 MW_it to 1 GW_utility", MixedMeasures, "it_power .* to utility_power"),
]


@pytest.mark.parametrize(("text", "error", "sentence"), REFUSED)
def test_bad_text_is_refused_with_a_sentence(text: str, error: type[GigaledgerError], sentence: str) -> None:
    with pytest.raises(error, match=sentence) as refusal:
        parse(text)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("$13 billion", "it_power"),
        ("1 GW_it", "facility_power"),
        ("1 GW", "total_capex"),
        ("1e6 TPUv7", "compute"),
        ("5 USD", "lease_spend"),
    ],
)
def test_measure_that_does_not_fit_the_unit_is_refused_naming_both(text: str, measure: str) -> None:
    with pytest.raises(MixedMeasures, match=rf"counts {parse(text).measure} .* not {measure} "):
        parse(text, measure)


def test_refused_sum_says_what_the_measures_are_in_plain_words() -> None:
    with pytest.raises(MixedMeasures, match="servers, network and storage at peak") as refusal:
        _ = parse("1 GW_facility") + parse("1 GW_it")
    assert "IT plus cooling and losses" in str(refusal.value)


def test_number_times_quantity_keeps_measure_and_qualifier() -> None:
    assert 2 * parse("30-35 MW_it") == parse("60-70 MW_it")
    assert parse("up to 1 GW_it") * 0.5 == parse("up to 500 MW_it")
    for factor in (-1, float("nan"), float("inf")):
        with pytest.raises(BadQuantity):
            _ = parse("1 GW_it") * factor


def test_quantity_and_something_else_do_not_combine() -> None:
    with pytest.raises(TypeError):
        _ = parse("1 GW_it") + 5  # type: ignore[operator]
    with pytest.raises(TypeError):
        _ = parse("1 GW_it") * "5"  # type: ignore[operator]


def test_quantity_is_shown_as_text_and_as_html() -> None:
    assert str(parse("up to 1e6 TPU v7")) == "up to 1,000,000 tpu-v7 (chips)"
    assert str(parse("$9-11 million")) == "9,000,000 to 11,000,000 USD (unstated_capex)"
    assert "about 1,200 MW (unstated_power)</span>" in parse("~1.2 GW")._repr_html_()


FACTORS = [
    ("GW", "it_power", 1000.0),
    ("MW", "it_power", 1.0),
    ("kW", "facility_power", 1e-3),
    ("W", "chip_power", 1e-6),
    ("GW_it", "it_power", 1000.0),
    ("USD", "total_capex", 1.0),
    ("billion USD", "total_capex", 1e9),
    ("USD bn", "total_capex", 1e9),
    ("$ million", "equity", 1e6),
    ("MUSD", "site_capex", 1e6),
    ("USD/year", "lease_spend", 1.0),
    ("million USD/year", "cloud_spend", 1e6),
    ("USD/month", "lease_spend", 12.0),
    ("MWh/year", "energy", 1.0),
    ("GWh/year", "energy", 1e3),
    ("TWh/yr", "energy", 1e6),
    ("chip", "chips", 1.0),
    ("chips", "chips", 1.0),
    ("chip-hours", "chip_hours", 1.0),
    ("H100e", "compute", 1.0),
    ("kH100e", "compute", 1e3),
    ("customers", "customers", 1.0),
]


@pytest.mark.parametrize(("unit", "measure", "factor"), FACTORS)
def test_unit_of_a_column_has_a_factor(unit: str, measure: str, factor: float) -> None:
    assert unit_factor(unit, measure, measures=MEASURES) == factor


@pytest.mark.parametrize(
    ("unit", "measure", "sentence"),
    [
        ("", "it_power", "expected MW"),
        ("GWW", "it_power", "did you mean 'GW'.*expected MW"),
        ("mW", "it_power", "did you mean 'MW'"),
        ("USD", "chips", "not a unit of chips .*expected chip"),
        ("GW_facility", "it_power", "not a unit of it_power .*expected MW"),
        ("USD", "lease_spend", "expected USD/year"),
        ("thousand", "chips", "expected chip"),
        ("x" * 201, "chips", "201 characters; expected chip"),
    ],
)
def test_unit_that_does_not_fit_is_refused_naming_what_was_expected(unit: str, measure: str, sentence: str) -> None:
    with pytest.raises(UnknownUnit, match=sentence):
        unit_factor(unit, measure, measures=MEASURES)


def test_every_measure_is_read_in_its_own_canonical_unit() -> None:
    for measure, unit in MEASURES.items():
        assert unit_factor(unit, measure, measures=MEASURES) == 1.0
        assert parse(f"5 {unit}", measure) == Quantity(None, 5.0, None, measure, unit)


def test_misspelt_measure_is_refused_with_a_hint() -> None:
    assert canonical_measure("it_power", MEASURES) == "it_power"
    with pytest.raises(UnknownMeasure, match="did you mean 'it_power'"):
        canonical_measure("it_powr", MEASURES)
    with pytest.raises(UnknownMeasure):
        parse("1 GW", "nope")
    with pytest.raises(UnknownMeasure):
        unit_factor("GW", "nope", measures=MEASURES)


def test_folded_names_ignore_case_and_separators() -> None:
    assert {fold_name(name) for name in ("TPU v7", "tpu-v7", "TPU_V.7")} == {"tpuv7"}


def test_importing_the_module_does_not_import_pint() -> None:
    code = "import sys, gigaledger.quantity; sys.exit('pint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
