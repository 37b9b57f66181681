"""The back-test: pairs with ratios known by hand, the arithmetic of the summary, the goals on the bundled ledger."""

from __future__ import annotations

import datetime as dt
import json
import math
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from gigaledger.cli import cli
from gigaledger.conversion import convert_quantity
from gigaledger.ledger import open_ledger
from gigaledger.tension import tension
from ledgers import Row, bundled_ledger, write_ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# A chip of 2 kW of IT power whatever the hall, so that 1,000 chips are 2 MW.
TWO_KILOWATT = {"it_power_w_per_chip.nvidia": (2000.0, 2000.0, 2000.0)}
HEADROOM = {"up_to_realised_share": (0.5, 0.8, 0.95), "at_least_overshoot": (1.05, 1.2, 1.5)}
# H100e per MW of IT power at the sites of Epoch AI's table of data centres, by the chip that is installed there.
EPOCH_H100E_PER_IT_MW = {
    "h100": 688,
    "gb200": 1209,
    "gb300": 1140,
    "rubin": 2540,
    "tpu-v7": 1394,
    "trainium2": 754,
    "trainium3": 1044,
}


def pair(deal_id: str, first: Row, second: Row, **deal: object) -> dict[str, list[Row]]:
    """A deal of 2026 in GB300 with two statements."""
    base = {"deal_id": deal_id, "layer": "build", "announced_on": "2026-01-01", "status": "announced"}
    stated = [
        {"statement_id": f"{deal_id}.{side}", "deal_id": deal_id, **row} for side, row in enumerate([first, second])
    ]
    return {"deal": [{**base, "starts_on": "2026-06-01", "chip_id": "gb300", **deal}], "statement": stated}


def chips(amount: float, qualifier: str = "exact", **row: object) -> Row:
    return {"measure": "chips", "amount_best": amount, "unit": "chip", "qualifier": qualifier, **row}


def it_power(amount: float, qualifier: str = "exact", **row: object) -> Row:
    return {"measure": "it_power", "amount_best": amount, "unit": "MW", "qualifier": qualifier, **row}


def back_test(folder: Path, *pairs: dict[str, list[Row]], **tables: list[Row]) -> dict[str, Any]:
    """The back-test of the sound ledger with pairs of statements, sites and milestones added, at 2 kW a chip."""
    added = {name: [row for one in pairs for row in one[name]] for name in ("deal", "statement")}
    ledger = open_ledger(write_ledger(folder, **added, **tables), settings=TWO_KILOWATT | HEADROOM)
    return tension(ledger)


def row_of(document: dict[str, Any], owner: str) -> dict[str, Any]:
    """The only pair of a deal or site."""
    (row,) = (row for row in document["rows"] if owner in (row["deal_id"], row["site_id"]))
    return row


def site(site_id: str, *states: tuple[str, float, Row]) -> dict[str, list[Row]]:
    """A site with its states on one day, each a measure, an amount and what else is stated."""
    base = {"site_id": site_id, "on_date": "2026-05-01", "stage": "operational", "unit": "MW"}
    milestones = [
        {**base, "milestone_id": f"{site_id}.{place}", "measure": measure, "amount_best": amount, **row}
        for place, (measure, amount, row) in enumerate(states)
    ]
    return {"site": [{"site_id": site_id, "name": site_id, "state": "TX", "country": "US"}], "milestone": milestones}


GB300: Row = {"unit": "chip", "chip_id": "gb300"}
SITES = {
    "east": site("east", ("chips", 1000, GB300), ("it_power", 2, {})),
    "two-models": site(
        "two-models", ("chips", 1000, GB300), ("chips", 1000, {**GB300, "chip_id": "h100"}), ("it_power", 2, {})
    ),
    "no-model": site("no-model", ("compute", 1000, {"unit": "H100e"}), ("it_power", 2, {})),
    "known-later": site("known-later", ("chips", 1000, GB300), ("it_power", 2, {"known_on": "2026-06-01"})),
    "another-day": site("another-day", ("chips", 1000, GB300), ("it_power", 2, {"on_date": "2026-05-02"})),
    "two-powers": site("two-powers", ("it_power", 2, {}), ("facility_power", 3, {})),
}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The back-test of all pairs whose ratio is known by hand."""
    revised = pair("revised", chips(1000), it_power(4, known_on="2026-01-01"))
    revised["statement"].append(
        {"statement_id": "revised.2", "deal_id": "revised", **it_power(2, known_on="2026-05-01")}
    )
    return back_test(
        tmp_path_factory.mktemp("ledger"),
        pair("fits", chips(1000), it_power(2)),
        pair("half", chips(1000), it_power(4)),
        pair("reversed", it_power(4), chips(1000)),
        pair("around", chips(1000, "up_to"), it_power(9, "at_least")),
        pair("ceilings", chips(1000, "up_to"), it_power(1.9, "up_to")),
        pair("ceiling-1.6", chips(1000, "up_to"), it_power(1.6)),
        pair("ceiling-0.9", chips(1000, "up_to"), it_power(0.9)),
        pair("ceiling-2.0", chips(1000, "up_to"), it_power(2.0)),
        pair("rumour", chips(1000), it_power(2), status="rumoured"),
        revised,
        site=[row for one in SITES.values() for row in one["site"]],
        milestone=[row for one in SITES.values() for row in one["milestone"]],
    )


def test_pair_that_fits_agrees_at_ratio_one(document: dict[str, Any]) -> None:
    row = row_of(document, "fits")
    assert (row["measure_a"], row["measure_b"], row["pair_type"]) == ("chips", "it_power", "chips-power")
    assert [row["ratio"][name] for name in ("mean", "p05", "p50", "p95")] == pytest.approx([1, 1, 1, 1], rel=1e-9)
    assert row["agrees"] is True
    assert row["driver"] is None, "nothing is uncertain, so nothing would have to move"


def test_pair_that_does_not_fit_disagrees_by_its_factor(document: dict[str, Any]) -> None:
    row = row_of(document, "half")
    assert row["ratio"]["p50"] == pytest.approx(0.5, rel=1e-9)
    assert row["agrees"] is False


def test_order_of_the_statements_does_not_matter(document: dict[str, Any]) -> None:
    row = row_of(document, "reversed")
    assert row["measure_a"] == "chips"
    assert row["ratio"]["p50"] == pytest.approx(0.5, rel=1e-9)


def test_what_a_rumour_states_must_fit_too(document: dict[str, Any]) -> None:
    assert row_of(document, "rumour")["agrees"] is True


def test_ceiling_against_floor_is_listed_and_not_scored(document: dict[str, Any]) -> None:
    assert row_of(document, "around")["agrees"] is None
    assert document["scored_count"] == document["pair_count"] - 1


def test_two_ceilings_of_one_deal_compare_their_figures(document: dict[str, Any]) -> None:
    # Their realised share is one draw, so it cancels and neither widens the interval nor excuses a miss.
    row = row_of(document, "ceilings")
    assert [row["ratio"]["p05"], row["ratio"]["p95"]] == pytest.approx([2 / 1.9, 2 / 1.9], rel=1e-9)
    assert row["agrees"] is False


@pytest.mark.parametrize(("megawatts", "agrees"), [(1.6, True), (0.9, False), (2.0, False)])
def test_ceiling_against_figure_is_scored_on_both_sides(
    document: dict[str, Any], megawatts: float, *, agrees: bool
) -> None:
    # Up to 1,000 chips are 1.0 to 1.9 MW at a realised share of 0.5 to 0.95.
    row = row_of(document, f"ceiling-{megawatts}")
    assert [row["ratio"]["p05"], row["ratio"]["p95"]] == pytest.approx([1 / megawatts, 1.9 / megawatts], rel=1e-9)
    assert row["agrees"] is agrees


def test_newest_version_of_a_statement_counts(document: dict[str, Any]) -> None:
    row = row_of(document, "revised")
    assert row["statement_b"] == "revised.2"
    assert row["ratio"]["p50"] == pytest.approx(1, rel=1e-9)


def test_rows_stand_worst_first(document: dict[str, Any]) -> None:
    order = [row["agrees"] for row in document["rows"] if row["deal_id"] is not None]
    assert order == sorted(order, key=lambda agrees: (agrees is None, agrees))


def test_chips_and_power_of_a_site_are_a_pair(document: dict[str, Any]) -> None:
    row = row_of(document, "east")
    assert row["deal_id"] is None
    assert row["ratio"]["p50"] == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("site_id", sorted(SITES.keys() - {"east"}))
def test_states_of_a_site_that_do_not_speak_of_one_thing_are_no_pair(document: dict[str, Any], site_id: str) -> None:
    assert [row for row in document["rows"] if row["site_id"] == site_id] == []


def test_assumption_that_would_have_to_move_is_named_with_its_factor(tmp_path: Path) -> None:
    # Median 2 kW: it would have to be 4 kW, twice as much, which is far outside of 1.9 to 2.1 kW.
    settings = {"it_power_w_per_chip.nvidia": (1900.0, 2000.0, 2100.0)}
    ledger = open_ledger(write_ledger(tmp_path, **pair("half", chips(1000), it_power(4))), settings=settings)
    row = row_of(tension(ledger), "half")
    assert row["agrees"] is False
    assert row["driver"]["assumption_id"] == "it_power_w_per_chip.nvidia"
    assert row["driver"]["variance_share"] == pytest.approx(1, abs=1e-6)
    assert row["driver"]["factor"] == pytest.approx(2, rel=1e-6)


def test_facts_of_later_days_are_not_known(tmp_path: Path) -> None:
    day = dt.date(2026, 5, 1)
    tables = pair("fits", chips(1000, known_on=day), it_power(2, known_on="2026-05-02"))
    ledger = open_ledger(write_ledger(tmp_path, **tables))
    assert "fits" not in ledger.tension(as_of=day)["deal_id"].to_list()
    assert ledger.tension().filter(deal_id="fits")["ratio_p50"].item() == pytest.approx(1, rel=0.2)


def test_summary_is_the_share_inside_and_the_medians(tmp_path: Path) -> None:
    document = back_test(
        tmp_path,
        pair("fits", chips(1000), it_power(2)),
        pair("half", chips(1000), it_power(4)),
        pair("triple", chips(3000), it_power(2)),
    )
    (power,) = (row for row in document["summary"] if row["pair_type"] == "chips-power")
    assert power["witness"] == "deals"
    assert power["pair_count"] == 3
    assert power["coverage"] == pytest.approx(1 / 3)
    assert power["median_factor"] == pytest.approx(2)  # of 1, 2 and 3
    assert power["median_width"] == pytest.approx(1)
    assert power["median_ratio"] == pytest.approx(1)  # of 0.5, 1 and 3
    scored = [row for row in document["rows"] if row["agrees"] is not None]
    assert document["coverage"] == pytest.approx(sum(row["agrees"] for row in scored) / len(scored))


def test_ledger_without_pairs_says_so(tmp_path: Path) -> None:
    folder = write_ledger(tmp_path)
    (folder / "statement.csv").write_text(
        (folder / "statement.csv").read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8"
    )
    result = CliRunner().invoke(cli, ["tension", "--datasets", str(folder)])
    assert result.exit_code == 0, result.output
    assert "nothing can be tested" in result.output
    document = json.loads(CliRunner().invoke(cli, ["tension", "--json", "--datasets", str(folder)]).stdout)
    assert (document["rows"], document["coverage"], document["median_factor"]) == ([], None, None)


def test_json_has_the_keys_of_the_contract(tmp_path: Path) -> None:
    folder = write_ledger(tmp_path)
    result = CliRunner().invoke(cli, ["tension", "--json", "--datasets", str(folder)])
    document = json.loads(result.stdout)
    assert {"rows", "coverage", "median_factor", "median_width"} <= document.keys()
    keys = {"deal_id", "statement_a", "statement_b", "measure_a", "measure_b", "ratio", "agrees"}
    assert all(keys <= row.keys() for row in document["rows"])


def test_terminal_output_fits_into_a_hundred_columns() -> None:
    result = CliRunner().invoke(cli, ["tension"])
    assert result.exit_code == 0, result.output
    assert max(map(len, result.stdout.splitlines())) <= 100
    assert "How good the conversions are" in result.stdout


def test_view_and_command_give_the_same_rows() -> None:
    ledger = bundled_ledger()
    view = {
        tuple(row) for row in ledger.rows("select statement_a, statement_b, agrees, round(ratio_p50, 9) from tension")
    }
    rows = tension(ledger)["rows"]
    assert view == {
        (row["statement_a"], row["statement_b"], row["agrees"], round(row["ratio"]["p50"], 9)) for row in rows
    }


def test_bundled_ledger_meets_the_goals() -> None:
    document = tension(bundled_ledger())
    deals = next(row for row in document["summary"] if row["witness"] == "deals" and row["pair_type"] is None)
    for name, figures in (("all pairs", document), ("deals alone", deals)):
        told = (
            f"{name}: coverage {figures['coverage']:.3f} (goal 0.85 to 0.95), "
            f"median factor {figures['median_factor']:.3f} (goal at most 1.25), "
            f"median width {figures['median_width']:.3f} (goal at most 2.5)"
        )
        assert 0.85 <= figures["coverage"] <= 0.95, told
        assert figures["median_factor"] <= 1.25, told
        assert figures["median_width"] <= 2.5, told


def test_h100e_per_megawatt_of_each_chip_family_fits_the_sites_of_epoch() -> None:
    ledger = open_ledger(for_conversion=True)
    factors = {}
    for chip, stated in EPOCH_H100E_PER_IT_MW.items():
        result = convert_quantity(ledger, "1 MW_it", "compute", chip=chip, year=2026)["to"]
        factors[chip] = result["p50"] / stated
        assert result["p05"] <= stated <= result["p95"], f"{chip}: {stated} lies outside of {result}"
    told = ", ".join(f"{chip} {factor:.2f}" for chip, factor in sorted(factors.items()))
    assert max(abs(math.log(factor)) for factor in factors.values()) < math.log(1.1), told
    middle = sorted(factors.values())[len(factors) // 2]
    assert 0.95 < middle < 1.08, told


@pytest.mark.needs("units")
@pytest.mark.parametrize(
    ("text", "to", "in_units", "unit"),
    [
        ("1.2 GW_it", "it_power", "1.2 GW", "MW"),
        ("350 kW_it", "it_power", "350 kW", "MW"),
        ("2.5 TWh/year", "energy", "2.5 TWh / julianyear", "MWh / julianyear"),
    ],
)
def test_plain_units_agree_with_gnu_units(
    find_program: Callable[[str], str], text: str, to: str, in_units: str, unit: str
) -> None:
    result = convert_quantity(open_ledger(for_conversion=True), text, to, chip="gb300", year=2026)["to"]
    assert result["p50"] == pytest.approx(gnu_units(find_program, in_units, unit), rel=1e-12)


@pytest.mark.needs("units")
def test_hours_of_a_year_agree_with_gnu_units(find_program: Callable[[str], str]) -> None:
    ledger = open_ledger(for_conversion=True, settings={"utilisation": (1.0, 1.0, 1.0)})
    energy = convert_quantity(ledger, "1 MW_facility", "energy", chip="gb300", year=2026)["to"]
    assert energy["p50"] == pytest.approx(gnu_units(find_program, "1 MW julianyear", "MWh"), rel=1e-12)


def gnu_units(find_program: Callable[[str], str], have: str, want: str) -> float:
    """The factor between two units by GNU units."""
    command = [find_program("units"), "--terse", "--output-format", "%.15g", have, want]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
