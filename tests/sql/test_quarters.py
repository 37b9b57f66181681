"""The ramp by quarter, worked out by hand and held against the reconciliation."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from ledgers import Row, bundled_ledger, open_whole, write_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gigaledger.ledger import Ledger


@pytest.fixture(scope="module")
def bundled() -> Iterator[Ledger]:
    """The bundled ledger, whose ramps are drawn once."""
    ledger = bundled_ledger()
    with ledger.keeping() as keep:
        keep("build_out_by_quarter_as_of", "as_of", [ledger.as_of])
        yield ledger


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return open_whole(write_ledger(tmp_path_factory.mktemp("ledger")))


def ramp(ledger: Ledger, programme: str, column: str) -> dict[str, float | None]:
    """A mean of the ramp of a programme in IT power [MW] by the last day of the quarter."""
    rows = ledger.rows(
        f"select quarter_end, round({column}, 6) from build_out_by_quarter "
        "where programme_id = $1 and measure = 'it_power' order by quarter_end",
        [programme],
    )
    return {day.isoformat(): amount for day, amount in rows}


def test_quarters_run_from_the_first_milestone_to_four_years_on(small: Ledger) -> None:
    # First operational or planned milestone: 2026-03-01. Known up to 2026-06-30, so the last quarter ends on
    # 2030-06-30.
    days = list(ramp(small, "lab-campus", "pledged_mean"))
    assert (days[0], days[-1], len(days)) == ("2026-03-31", "2030-06-30", 18)


def test_operational_follows_the_milestones_and_is_unknown_in_the_future(small: Ledger) -> None:
    campus = ramp(small, "lab-campus", "operational_mean")
    assert campus["2026-03-31"] == 100
    assert campus["2026-06-30"] == 200
    assert set(list(campus.values())[2:]) == {None}
    # Half of the 80 MW of west, from 2026-05-01.
    rent = ramp(small, "lab-cloud", "operational_mean")
    assert (rent["2026-03-31"], rent["2026-06-30"]) == (0, 40)


def test_planned_counts_from_its_date(small: Ledger) -> None:
    # North: 200 MW run; 500 MW in all are planned for 2027-01-01.
    campus = ramp(small, "lab-campus", "operational_or_planned_mean")
    assert campus["2026-03-31"] == 100
    assert campus["2026-12-31"] == 200
    assert campus["2027-03-31"] == 500
    # South: 300 MW from 2027-07-01, beside 40 MW at west.
    rent = ramp(small, "lab-cloud", "operational_or_planned_mean")
    assert rent["2027-06-30"] == 40
    assert rent["2027-09-30"] == 340


def test_pledge_counts_from_its_announcement(small: Ledger) -> None:
    # The rent was announced on 2026-04-15. The first phase lies in the campus and is not counted again.
    assert list(ramp(small, "lab-cloud", "pledged_mean").values())[:3] == [0, 500, 500]
    assert set(ramp(small, "lab-campus", "pledged_mean").values()) == {1000}


def test_part_announced_before_its_whole_is_the_pledge_until_then(tmp_path: Path) -> None:
    deals: list[Row] = [
        {"deal_id": "campus-first", "announced_on": "2026-01-05"},
        {"deal_id": "campus", "announced_on": "2026-05-05"},
    ]
    ledger = open_whole(write_ledger(tmp_path, deal=deals))
    assert list(ramp(ledger, "lab-campus", "pledged_mean").values())[:3] == [400, 1000, 1000]


def test_newer_schedule_replaces_the_dates_that_it_spans(tmp_path: Path) -> None:
    # The old schedule has 400 MW in October 2026; the new one 300 MW in September and 500 MW only in January.
    plan: Row = {"site_id": "north", "stage": "planned"}
    old: Row = {**plan, "on_date": "2026-10-01", "amount_best": 400, "known_on": "2026-02-01"}
    new: Row = {**plan, "on_date": "2026-09-01", "amount_best": 300, "known_on": "2026-06-30"}
    milestones: list[Row] = [{"milestone_id": "north.old", **old}, {"milestone_id": "north.new", **new}]
    ledger = open_whole(write_ledger(tmp_path, milestone=milestones))
    campus = ramp(ledger, "lab-campus", "operational_or_planned_mean")
    assert (campus["2026-09-30"], campus["2026-12-31"], campus["2027-03-31"]) == (300, 300, 500)


@pytest.mark.slow
def test_running_quarter_of_the_bundled_ledger_is_its_reconciliation(bundled: Ledger) -> None:
    rows = bundled.rows(
        "with running as (from build_out_by_quarter where is_actual "
        "qualify row_number() over (partition by programme_id, measure order by quarter_end desc) = 1) "
        "select programme_id, measure, running.operational_mean, known.operational_mean, "
        "running.operational_p95, known.operational_p95, running.pledged_p50, known.pledged_p50 "
        "from running join reconciliation as known using (programme_id, measure)"
    )
    assert rows
    for programme, measure, *amounts in rows:
        running, known = amounts[::2], amounts[1::2]
        assert running == pytest.approx(known, rel=1e-9), f"{programme} in {measure}"


@pytest.mark.slow
def test_ramp_never_falls_below_what_runs(bundled: Ledger) -> None:
    fallen = "operational_or_planned_p50 < operational_p50 * (1 - 1e-9)"
    assert bundled.rows(f"from build_out_by_quarter where {fallen}") == []
    crossed = "pledged_p05 > pledged_p50 or pledged_p50 > pledged_p95"
    assert bundled.rows(f"from build_out_by_quarter where {crossed}") == []


def test_ramp_as_known_earlier_ends_earlier(small: Ledger) -> None:
    rows = small.rows("select max(quarter_end), count(*) from build_out_by_quarter_as_of('2026-06-29'::date)")
    assert rows == [(None, 0)]
    days = small.rows("select max(quarter_end) from quarter_as_of('2026-01-15'::date)")
    assert days == [(dt.date(2030, 3, 31),)]
