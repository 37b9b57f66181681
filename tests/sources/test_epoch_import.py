"""What a vintage of the public site tables becomes in a ledger."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest
from vintages import ATLAS, BERG, ledger_bytes, ledger_rows, milestones, newest, oldest, run_import, write_table

import gigaledger
from gigaledger.ledger import open_ledger

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the check of what is written, most of the time of an import; a test that opens the ledger makes it."""
    monkeypatch.setattr("gigaledger.folder._check_as_ledger", lambda *_: None)


def report_of(folder: Path, known_on: str, into: Path, *options: str) -> dict[str, Any]:
    result = run_import(folder, known_on, into, "--json", *options)
    assert result.exit_code == 0, result.exception or result.output
    document: dict[str, Any] = json.loads(result.output)
    return document


def edit(path: Path, change: Any) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    write_table(path, change(rows))


def test_rows_after_the_vintage_are_planned_and_the_others_operational(tmp_path: Path) -> None:
    report_of(newest(tmp_path / "v"), "2026-07-10", tmp_path / "l")
    assert milestones(tmp_path / "l", "atlas-works", "operational", "it_power") == [
        ("2025-01-01", 0),
        ("2025-11-01", 100),
        ("2026-05-01", 200),
    ]
    assert milestones(tmp_path / "l", "atlas-works", "planned", "it_power") == [("2026-12-01", 300)]
    assert milestones(tmp_path / "l", "atlas-works", "under_construction", "it_power") == [("2026-05-01", 300)]


def test_imported_ledger_is_valid_and_gives_the_totals_of_the_vintage(tmp_path: Path) -> None:
    report = report_of(newest(tmp_path / "v"), "2026-07-10", tmp_path / "l")
    assert {row["measure"]: row["operational"] for row in report["totals"]} == {
        "chips": 80_000,
        "compute": 240_000,
        "facility_power": 290,
        "it_power": 240,
    }
    ledger = open_ledger(tmp_path / "l")
    ledger.install("everything")
    assert ledger.records("from audit") == []
    rows = ledger.rows("select sum(operational_p50) from site_capacity where measure = 'it_power'")
    assert rows == [(240,)]


def test_renamed_power_column_is_recognised_by_the_timelines(tmp_path: Path) -> None:
    now = report_of(newest(tmp_path / "it"), "2026-07-10", tmp_path / "a")
    assert now["columns"] == {"timeline_power": "facility_power", "current_power": "it_power", "h100e": "compute"}
    sites = [ATLAS | {"Current power (MW)": 240}, BERG | {"Current power (MW)": 50}]
    before = report_of(newest(tmp_path / "facility", sites=sites), "2026-07-10", tmp_path / "b")
    assert before["columns"]["current_power"] == "facility_power"
    early = report_of(oldest(tmp_path / "old"), "2025-12-13", tmp_path / "c")
    assert early["columns"] == {"timeline_power": "facility_power", "current_power": "facility_power", "h100e": None}


def test_site_without_a_timeline_takes_its_current_power_in_the_recognised_measure(tmp_path: Path) -> None:
    lone = {**BERG, "Name": "Lone", "Address": "Elsewhere, Bergen, Norway", "Current power (MW)": 12}
    sites = [ATLAS | {"Current power (MW)": 200}, BERG | {"Current power (MW)": 40}, lone]
    report_of(newest(tmp_path / "v", sites=sites), "2026-07-10", tmp_path / "l")
    assert milestones(tmp_path / "l", "lone", "operational", "it_power") == [("2026-07-10", 12)]


def test_cumulative_chip_counts_stay_cumulative(tmp_path: Path) -> None:
    report = report_of(newest(tmp_path / "v"), "2026-07-10", tmp_path / "l")
    assert milestones(tmp_path / "l", "atlas-works", "operational", "chips") == [
        ("2025-11-01", 40_000),
        ("2026-05-01", 80_000),
    ]
    assert [(row["what"], row["why"]) for row in report["set_aside"]] == [
        ("H100 2026-02-01", "the row names no site"),
        ("7 Abacus 9 at Berg on 2026-02-01", "no chip of the ledger is called 'Abacus 9'"),
    ]


def test_attribution_tags_become_confidence_and_users_become_claims(tmp_path: Path) -> None:
    report_of(newest(tmp_path / "v"), "2026-07-10", tmp_path / "l")
    claims = {row["deal_id"]: row for row in ledger_rows(tmp_path / "l", "claim")}
    assert {deal: (row["confidence"], row["share_best"]) for deal, row in claims.items()} == {
        # Two users and no split: half of 0.7 (likely) and half of 0.25 (speculative).
        "epoch-users-openai": ("medium", "0.35"),
        "epoch-users-acme-cloud": ("low", "0.125"),
    }
    (site,) = [row for row in ledger_rows(tmp_path / "l", "site") if row["site_id"] == "atlas-works"]
    assert (site["state"], site["country"], site["owner_id"]) == ("TX", "US", "acme-cloud")
    assert site["note"].startswith(
        "Epoch AI: owner Acme Cloud (confident); users OpenAI (likely), Acme Cloud (speculative)"
    )


def test_source_names_the_publisher_and_the_licence(tmp_path: Path) -> None:
    report_of(newest(tmp_path / "v"), "2026-07-10", tmp_path / "l")
    sources = {row["source_id"]: row for row in ledger_rows(tmp_path / "l", "source")}
    row = sources["epoch-data-centers-2026-07-10"]
    assert (row["publisher"], row["licence"], row["published_on"]) == ("Epoch AI", "CC BY 4.0", "2026-07-10")
    assert row["title"] == "Frontier Data Centers, vintage of 10 July 2026"


def test_importing_twice_is_importing_once(tmp_path: Path) -> None:
    folder, into = newest(tmp_path / "v"), tmp_path / "l"
    report_of(folder, "2026-07-10", into)
    before = ledger_bytes(into)
    again = report_of(folder, "2026-07-10", into)
    assert again["files"] == []
    assert ledger_bytes(into) == before
    (into / "epoch_vintage.csv").unlink()  # as after a writer that was killed before its last file
    report_of(folder, "2026-07-10", into)
    assert ledger_bytes(into) == before


def test_oldest_layout_names_sites_by_handle_and_later_ones_continue_it(tmp_path: Path) -> None:
    into = tmp_path / "l"
    report_of(oldest(tmp_path / "a"), "2025-12-13", into)
    report = report_of(newest(tmp_path / "b"), "2026-07-10", into)
    assert [row["site_id"] for row in ledger_rows(into, "site")] == ["atlas-works", "berg"]
    (site, _) = ledger_rows(into, "site")
    assert (site["latitude"], site["longitude"]) == ("32.5", "-99.75")
    # The plan of 2025 for 1 March 2026 came two months late.
    (slip,) = [row for row in report["changed"]["slipped"] if row["measure"] == "facility_power"]
    assert (slip["planned_on"], slip["now_on"], slip["days"]) == ("2026-03-01", "2026-05-01", 61)


def test_handles_without_names_take_the_table_that_the_user_gives(tmp_path: Path) -> None:
    folder = oldest(tmp_path / "v")
    edit(folder / "data_centers.csv", lambda rows: [{k: v for k, v in row.items() if k != "Handle"} for row in rows])
    # Three rows of the timeline, and the current power, which nothing identifies without them.
    assert len(report_of(folder, "2025-12-13", tmp_path / "a")["set_aside"]) == 4
    (tmp_path / "names.json").write_text('{"Acme Atlas Works Abilene Texas": "Atlas Works"}')
    named = report_of(folder, "2025-12-13", tmp_path / "b", "--names", str(tmp_path / "names.json"))
    assert named["set_aside"] == []


def test_history_says_what_was_known_on_each_day(tmp_path: Path) -> None:
    into = tmp_path / "l"
    report_of(oldest(tmp_path / "a"), "2025-12-13", into)
    report_of(newest(tmp_path / "b"), "2026-07-10", into)
    ledger = gigaledger.open(into)
    ledger.install("everything")
    # On 13 December: 240 planned, of which 120 were in service and the other 120 under work. In July: all of that plan
    # is in service, 360 are planned, of which 120 are under work.
    in_work = (
        "select operational_p50, under_construction_p50, planned_p50 "
        "from site_capacity_as_of($1::date, ['facility_power']) where site_id = 'atlas-works'"
    )
    assert ledger.rows(in_work, ["2025-12-31"]) == [(120, 120, 0)]
    assert ledger.rows(in_work, ["2026-07-31"]) == [(240, pytest.approx(120), 0)]


def test_revised_figure_supersedes_and_an_outlived_plan_is_restated(tmp_path: Path) -> None:
    into = tmp_path / "l"
    report_of(newest(tmp_path / "a"), "2026-07-10", into)
    folder = newest(tmp_path / "b")
    edit(
        folder / "data_center_timelines.csv",
        lambda rows: [row | ({"Date": "2027-06-01"} if row["Date"] == "2026-12-01" else {}) for row in rows],
    )
    report = report_of(folder, "2026-08-20", into)
    assert milestones(into, "atlas-works", "planned", "it_power") == [
        ("2026-12-01", 300),  # as known on 10 July
        ("2026-12-01", 200),  # as known on 20 August: nothing new on that day
        ("2027-06-01", 300),
    ]
    assert report["changed"]["revised"]
    assert {row["days"] for row in report["changed"]["slipped"] if row["measure"] == "it_power"} == {182}


def test_renamed_site_is_linked_and_not_doubled(tmp_path: Path) -> None:
    into = tmp_path / "l"
    report_of(newest(tmp_path / "a"), "2026-07-10", into)
    folder = newest(tmp_path / "b")
    for file in folder.iterdir():
        file.write_text(file.read_text().replace("Atlas Works", "OpenAI Texas One"))
    report = report_of(folder, "2026-08-20", into)
    assert report["changed"]["renamed"] == [
        {"site_id": "atlas-works", "before": "Atlas Works", "now": "OpenAI Texas One", "why": "same place, same size"}
    ]
    assert {row["site_id"]: row["name"] for row in ledger_rows(into, "site")} == {
        "atlas-works": "OpenAI Texas One",
        "berg": "Berg",
    }
    assert report["totals"] == report_of(newest(tmp_path / "c"), "2026-07-10", tmp_path / "other")["totals"]


def test_split_campus_is_told_by_its_parts_from_then_on(tmp_path: Path) -> None:
    into = tmp_path / "l"
    report_of(newest(tmp_path / "a"), "2026-07-10", into)
    parts = [ATLAS | {"Name": f"Atlas {part}", "Current power (MW)": 100} for part in ("North", "South")]
    folder = newest(tmp_path / "b", sites=[*parts, BERG | {"Current power (MW)": 40}], chips=[])

    def halved(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        amounts = ("IT power (MW)", "Power (MW)", "H100 equivalents", "Performance (8-bit OP/s)")
        found = []
        for row in rows:
            halves = {name: float(row[name]) / 2 for name in amounts}
            own = row["Data center"] == "Atlas Works"
            found += [row | {"Data center": part["Name"]} | halves for part in parts] if own else [row]
        return found

    edit(folder / "data_center_timelines.csv", halved)
    report = report_of(folder, "2026-08-20", into)
    assert report["changed"]["split"] == [{"site_id": "atlas-works", "became": ["atlas-north", "atlas-south"]}]
    ledger = open_ledger(into)
    ledger.install("everything")
    total = "select sum(operational_p50), sum(planned_p50) from site_capacity_as_of($1::date, ['it_power'])"
    # 240 MW on both days; planned beyond what is under work: nothing, and no number that is none.
    assert ledger.rows(total, ["2026-07-10"]) == ledger.rows(total, ["2026-08-20"]) == [(240, 0)]


def test_site_that_is_no_longer_listed_is_kept_and_named(tmp_path: Path) -> None:
    into = tmp_path / "l"
    report_of(newest(tmp_path / "a"), "2026-07-10", into)
    report = report_of(newest(tmp_path / "b", sites=[ATLAS | {"Current power (MW)": 200}]), "2026-08-20", into)
    assert report["changed"]["no longer listed"] == [{"site_id": "berg", "kept": "as last known"}]
    assert milestones(into, "berg", "operational", "it_power") == [("2026-02-01", 40)]


def test_user_who_is_named_no_more_claims_nothing_from_then_on(tmp_path: Path) -> None:
    into = tmp_path / "l"
    report_of(newest(tmp_path / "a"), "2026-07-10", into)
    sites = [ATLAS | {"Users": "Acme Cloud #confident", "Current power (MW)": 200}, BERG | {"Current power (MW)": 40}]
    report_of(newest(tmp_path / "b", sites=sites), "2026-08-20", into)
    shares = {row["claim_id"]: float(row["share_best"]) for row in ledger_rows(into, "claim")}
    assert shares["epoch-users-openai.atlas-works.2026-08-20"] == 0
    assert shares["epoch-users-acme-cloud.atlas-works.2026-08-20"] == 1


def test_row_of_a_site_that_the_user_has_taken_over_is_left_alone(tmp_path: Path) -> None:
    into = tmp_path / "l"
    report_of(newest(tmp_path / "a"), "2026-07-10", into)
    edit(into / "site.csv", lambda rows: [row | {"note": "Visited it", "name": "My Atlas"} for row in rows])
    report_of(newest(tmp_path / "b"), "2026-08-20", into)
    assert {row["name"] for row in ledger_rows(into, "site")} == {"My Atlas"}


def test_layered_import_does_not_repeat_what_the_bundled_ledger_holds(tmp_path: Path) -> None:
    site = {"Name": "Anthropic-Amazon New Carlisle", "Owner": "Amazon #confident", "Users": "Anthropic #confident"}
    site |= {"Country": "United States", "Address": "", "Current power (MW)": 910}
    row = {"Data center": site["Name"], "Date": "2026-03-23", "IT power (MW)": 910, "Power (MW)": 1092}
    folder = newest(tmp_path / "v", sites=[site], timelines=[row], chips=[])
    report = report_of(folder, "2026-10-31", tmp_path / "l", "--extend")
    # The bundled ledger holds both figures for that day, curated from the vintages of April and July.
    assert report["unchanged"] == 2
    assert not (tmp_path / "l/site.csv").exists()
    assert report_of(folder, "2026-10-31", tmp_path / "alone")["unchanged"] == 0


@pytest.mark.parametrize("date", ["2026-05-01T00:00:00.000Z", "2026-05-01 00:00:00+00:00"])
def test_date_with_a_time_and_thousands_are_read(tmp_path: Path, date: str) -> None:
    folder = newest(tmp_path / "v")
    edit(
        folder / "data_center_timelines.csv",
        lambda rows: [
            row | ({"Date": date, "H100 equivalents": "200,000"} if row["Date"] == "2026-05-01" else {}) for row in rows
        ],
    )
    report_of(folder, "2026-07-10", tmp_path / "l")
    assert ("2026-05-01", 200_000) in milestones(tmp_path / "l", "atlas-works", "operational", "compute")


def test_new_columns_tags_and_countries_are_told_and_not_guessed(tmp_path: Path) -> None:
    sites = [
        ATLAS | {"Current power (MW)": 200, "Altitude": 520, "Peak power (MW)": 250},
        BERG
        | {"Current power (MW)": 40, "Altitude": 5, "Peak power (MW)": 60, "Country": "Ruritania"}
        | {"Users": "Meta #rumoured"},
    ]
    report = report_of(newest(tmp_path / "v", sites=sites), "2026-07-10", tmp_path / "l")
    undeclared = [row["column"] for row in report["columns_not_taken"] if row["why"] == "the column is not declared"]
    assert undeclared == ["Altitude", "Peak power (MW)"]
    assert "the country 'Ruritania' is not declared and left empty" in report["notes"]
    assert "the tag #rumoured is not declared and gives no confidence" in report["notes"]


def test_site_that_stands_twice_counts_once(tmp_path: Path) -> None:
    sites = [
        ATLAS | {"Current power (MW)": 200},
        ATLAS | {"Current power (MW)": 200},
        BERG | {"Current power (MW)": 40},
    ]
    report = report_of(newest(tmp_path / "v", sites=sites), "2026-07-10", tmp_path / "l")
    assert [row["why"] for row in report["set_aside"] if row["what"] == "Atlas Works"] == [
        "the site stands on line 2 already"
    ]
    assert {row["measure"]: row["operational"] for row in report["totals"]}["it_power"] == 240
