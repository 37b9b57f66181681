"""Dollars of unstated basis, read by who builds: a landlord's pay for the site, a neocloud's for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gigaledger.conversion import convert_quantity
from gigaledger.errors import UnknownBuilder
from gigaledger.ledger import open_ledger
from gigaledger.reconciliation import reconcile
from ledgers import bundled_ledger, write_ledger

if TYPE_CHECKING:
    from pathlib import Path

    from gigaledger.ledger import Ledger

BARE = "$10 billion"
HOW: dict[str, Any] = {"chip": "gb300", "year": 2027}
# Landlords quote the site alone and neoclouds all of it, so that results can be worked out through those measures.
CERTAIN = {
    "unstated_capex_position.landlord": (0.0, 0.0, 0.0),
    "unstated_capex_position.neocloud": (1.0, 1.0, 1.0),
}


def megawatts(ledger: Ledger, measure: str = "unstated_capex", builder: str | None = None) -> dict[str, float]:
    """What ten billion dollars come to in MW of IT power."""
    result = convert_quantity(ledger, BARE, "it_power", measure=measure, builder=builder, **HOW)["to"]
    return {name: result[name] for name in ("mean", "p05", "p50", "p95")}


def test_a_known_builder_narrows_the_interval_and_an_unknown_one_leaves_it_wide() -> None:
    ledger = open_ledger(for_conversion=True)
    width = {
        builder: megawatts(ledger, builder=builder)["p95"] / megawatts(ledger, builder=builder)["p05"]
        for builder in (None, "landlord", "neocloud", "hyperscaler", "government")
    }
    assert max(width["landlord"], width["neocloud"], width["hyperscaler"]) < width[None]
    assert width["government"] == pytest.approx(width[None])
    medians = [megawatts(ledger, builder=builder)["p50"] for builder in ("landlord", None, "neocloud")]
    assert medians == sorted(medians, reverse=True)


def test_positions_at_the_ends_are_the_site_and_the_whole() -> None:
    ledger = open_ledger(for_conversion=True, settings=CERTAIN)
    assert megawatts(ledger, builder="landlord") == pytest.approx(megawatts(ledger, "site_capex"))
    assert megawatts(ledger, builder="neocloud") == pytest.approx(megawatts(ledger, "total_capex"))


def test_an_organisation_stands_for_its_kind() -> None:
    ledger = open_ledger(for_conversion=True)
    assert megawatts(ledger, builder="Vantage") == megawatts(ledger, builder="landlord")
    with pytest.raises(UnknownBuilder, match=r"--builder landord: .* did you mean 'landlord'\?.*neocloud"):
        megawatts(ledger, builder="landord")


def test_the_builder_is_listed_among_what_the_result_rests_on() -> None:
    ledger = open_ledger(for_conversion=True)
    document = convert_quantity(ledger, BARE, "it_power", builder="landlord", **HOW)
    positions = [row["assumption_id"] for row in document["assumptions"] if "position" in row["assumption_id"]]
    assert positions == ["unstated_capex_position.landlord"]
    assert document["from"]["builder"] == "landlord"
    assert not any("no builder stated" in sentence for sentence in document["assumed"])
    assert any("no builder stated" in s for s in convert_quantity(ledger, BARE, "it_power", **HOW)["assumed"])


def test_the_shell_gives_the_same_answer() -> None:
    query = "from convert(1e10, 'unstated_capex', 'it_power', 'gb300', 2027, builder := $1)"
    for builder in (None, "landlord", "other"):
        (row,) = bundled_ledger().records(query, [builder])
        assert {name.removeprefix("amount_"): value for name, value in row.items() if name != "unit"} == pytest.approx(
            megawatts(bundled_ledger(), builder=builder)
        )


def test_the_buyer_builds_a_campus_and_the_seller_a_site_to_let(tmp_path: Path) -> None:
    stated = {"measure": "unstated_capex", "amount_best": 1e10, "unit": "USD"}
    deal = {"starts_on": "2027-06-01", "announced_on": "2026-01-01", "status": "announced", "chip_id": "gb300"}
    deals = {
        "own": {"buyer_id": "tower", "seller_id": "", "layer": "build"},
        "let": {"buyer_id": "renter", "seller_id": "tower", "layer": "site"},
        "racks": {"buyer_id": "renter", "seller_id": "tower", "layer": "build"},
    }
    folder = write_ledger(
        tmp_path,
        organization=[
            {"organization_id": "tower", "name": "Tower", "kind": "landlord"},
            {"organization_id": "renter", "name": "Renter", "kind": "neocloud"},
        ],
        programme=[{"programme_id": name, "name": name, "organization_id": "tower"} for name in deals],
        deal=[{"deal_id": name, "programme_id": name, **deal, **parties} for name, parties in deals.items()],
        statement=[{"statement_id": name, "deal_id": name, **stated} for name in deals],
    )
    ledger = open_ledger(folder, settings=CERTAIN)
    # The arrays of the main job and the formulas row by row.
    pledged = {row["programme_id"]: row["pledged"] for row in reconcile(ledger, measure="it_power")["programmes"]}
    rows = ledger.records("from deal_capacity_as_of('2026-06-30'::date, measures := ['it_power'])")
    amounts = {row["deal_id"]: row["amount_mean"] for row in rows}
    for name, measure in (("own", "site_capex"), ("let", "site_capex"), ("racks", "total_capex")):
        expected = megawatts(ledger, measure)
        assert amounts[name] == pytest.approx(expected["mean"])
        assert pledged[name]["mean"] == pytest.approx(expected["mean"])


def test_chips_that_are_not_named_are_those_of_the_owners_kind(tmp_path: Path) -> None:
    parties = {
        "rented": {"layer": "cloud", "buyer_id": "lab", "seller_id": "racks"},
        "bought": {"layer": "build", "buyer_id": "racks"},
        "let": {"layer": "site", "buyer_id": "racks", "seller_id": "lab"},
        "own": {"layer": "build", "buyer_id": "lab", "seller_id": "racks"},
        "azure": {"layer": "cloud", "buyer_id": "racks", "seller_id": "microsoft"},
    }
    deal = {"announced_on": "2026-01-01", "status": "announced"}
    folder = write_ledger(
        tmp_path,
        organization=[
            {"organization_id": "racks", "name": "Racks", "kind": "neocloud"},
            {"organization_id": "microsoft", "name": "Microsoft", "kind": "hyperscaler"},
        ],
        deal=[{"deal_id": name, **deal, **row} for name, row in parties.items()],
    )
    found = dict(open_ledger(folder).rows("select deal_id, chip_id from deal_path"))
    assert {name: found[name] for name in parties} == {
        "rented": "neocloud-mix",
        "bought": "neocloud-mix",
        "let": "industry-mix",
        "own": "industry-mix",
        "azure": "microsoft-mix",
    }


def test_a_measured_load_is_below_the_peak() -> None:
    ledger = open_ledger(for_conversion=True, settings={"measured_power_share": (0.5, 0.5, 0.5)})
    assert ledger.convert("21 MW_measured", "it_power", chip="mi250x", year=2022)["p50"].item() == pytest.approx(42)
    # Frontier: 21 MW in its Linpack run, 30 MW at its peak.
    frontier = bundled_ledger().convert("21 MW_measured", "it_power", chip="mi250x", year=2022)
    assert frontier["p05"].item() < 30 < frontier["p95"].item()


def test_the_seller_of_a_contract_without_a_term_says_how_long_it_runs(tmp_path: Path) -> None:
    deal = {"layer": "cloud", "buyer_id": "lab", "announced_on": "2026-01-01", "starts_on": "2026-06-01"}
    stated = {"measure": "cloud_contract", "amount_best": 1e10, "unit": "USD"}
    sellers = {"racks": "neocloud", "azure": "hyperscaler", "other": "cloud"}
    folder = write_ledger(
        tmp_path,
        organization=[{"organization_id": name, "name": name, "kind": kind} for name, kind in sellers.items()],
        programme=[{"programme_id": name, "name": name, "organization_id": "lab"} for name in sellers],
        deal=[
            {"deal_id": name, "programme_id": name, "seller_id": name, "status": "binding", "chip_id": "gb300", **deal}
            for name in sellers
        ],
        statement=[{"statement_id": name, "deal_id": name, **stated} for name in sellers],
    )
    terms = {"cloud_term_years": 4.0, "cloud_term_years.neocloud": 2.0, "cloud_term_years.hyperscaler": 8.0}
    ledger = open_ledger(folder, settings={name: (years,) * 3 for name, years in terms.items()})
    # The arrays of the main job, then the formulas row by row.
    pledged = {row["programme_id"]: row["pledged"] for row in reconcile(ledger, measure="cloud_spend")["programmes"]}
    rows = ledger.records("from deal_capacity_as_of('2026-06-30'::date, measures := ['cloud_spend'])")
    amounts = {row["deal_id"]: row["amount_mean"] for row in rows}
    for name, expected in (("racks", 5e9), ("azure", 1.25e9), ("other", 2.5e9)):
        assert pledged[name]["mean"] == pytest.approx(expected)
        assert amounts[name] == pytest.approx(expected)
