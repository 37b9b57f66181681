"""The words of announcements behind an amount, and what they say of its measure."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import gigaledger.wordings
from gigaledger.conversion import chip_names
from gigaledger.errors import MixedMeasures, UnknownUnit
from gigaledger.quantity import Quantity, parse_quantity
from gigaledger.units import units_of
from ledgers import bundled_ledger


def parse(text: str, measure: str | None = None) -> Quantity:
    ledger = bundled_ledger()
    measures = dict(ledger.rows("select measure, unit from measure"))
    return parse_quantity(text, chips=chip_names(ledger), measures=measures, measure=measure)


@pytest.mark.parametrize(
    ("text", "plain", "measure"),
    [
        ("1.2 GW campus", "1.2 GW", None),
        ("1.4-GW data center campus", "1.4 GW", None),
        ("10 GW of AI data centers", "10 GW", None),
        ("5 GW of compute capacity", "5 GW", None),
        ("245 MW_it of campuses", "245 MW_it", None),
        ("at least 200 MW of critical IT load", "at least 200 MW", "it_power"),
        ("2 GW of grid power", "2 GW", "utility_power"),
        ("1.5 to 2 GW of IT capacity in Ohio", "1.5 to 2 GW", "it_power"),
        ("$30 billion of cloud", "$30 billion", "cloud_contract"),
        ("$30-35 billion of cloud services", "$30-35 billion", "cloud_contract"),
        ("$30 billion of Azure", "$30 billion", "cloud_contract"),
        ("$7 billion in rent", "$7 billion", "lease_contract"),
        ("$10bn in chips", "$10bn", "chip_capex"),
        ("$50 billion for sites in Texas and New York", "$50 billion", None),
        ("$25 billion data center campus in Shackelford County, Texas", "$25 billion", None),
    ],
)
def test_words_behind_an_amount_type_it_or_say_nothing(text: str, plain: str, measure: str | None) -> None:
    assert parse(text) == parse(plain, measure)


@pytest.mark.parametrize(
    ("text", "chip_id"),
    [
        ("up to one million TPUs", "google-mix"),
        ("100k AMD GPUs", "amd-mix"),
        ("100,000 Nvidia Blackwell GPUs", "gb200"),
        ("500,000 Trainium chips", "amazon-mix"),
    ],
)
def test_a_family_of_chips_is_read_as_a_mix_or_its_usual_model_and_says_so(text: str, chip_id: str) -> None:
    quantity = parse(text)
    assert (quantity.measure, quantity.chip_id) == ("chips", chip_id)
    assert f"names no model: read as {chip_id}" in quantity.assumed[0]


@pytest.mark.parametrize("text", ["5 bananas of cloud", "5 GW of bananas", "10 GW in", "2 MW of chips", "5 GW of rent"])
def test_words_that_mean_nothing_there_are_refused(text: str) -> None:
    with pytest.raises(UnknownUnit, match="neither a unit nor a chip"):
        parse(text)


def test_words_and_a_measure_that_disagree_are_refused_naming_both() -> None:
    with pytest.raises(MixedMeasures, match=r"speaks of cloud_contract .* but --measure says lease_contract"):
        parse("$5 billion of cloud", "lease_contract")


def test_every_wording_names_a_measure_a_chip_and_a_unit_that_exist() -> None:
    ledger = bundled_ledger()
    measures = dict(ledger.rows("select measure, unit from measure"))
    units = units_of(frozenset(measures.items()))
    with Path(gigaledger.wordings.__file__).with_name("wordings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["measure"] for row in rows} <= {"", *measures}
    assert {row["chip_id"] for row in rows} <= {"", *chip_names(ledger).values()}
    assert {row["unit"] for row in rows} <= {"", *units.names.values()}
    assert len({(row["words"], row["unit"]) for row in rows}) == len(rows)
