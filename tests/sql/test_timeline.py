"""The ramp by quarter as a document, a frame and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gigaledger.errors import UnknownMeasure
from gigaledger.terminal_timeline import print_timeline
from gigaledger.timeline import timeline
from ledgers import open_whole, write_ledger

if TYPE_CHECKING:
    from gigaledger.ledger import Ledger


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return open_whole(write_ledger(tmp_path_factory.mktemp("ledger")))


def test_document_is_the_view(small: Ledger) -> None:
    (campus,) = timeline(small, "lab-campus")["programmes"]
    rows = small.rows(
        "select quarter_end, operational_mean, operational_or_planned_mean, pledged_mean from build_out_by_quarter "
        "where programme_id = 'lab-campus' and measure = 'it_power' order by quarter_end"
    )
    found = [
        (
            quarter["quarter_end"],
            *(quarter[ramp] and quarter[ramp]["mean"] for ramp in ("operational", "operational_or_planned", "pledged")),
        )
        for quarter in campus["quarters"]
    ]
    assert found == [(day.isoformat(), *amounts) for day, *amounts in rows]
    assert found


def test_frame_has_a_row_per_quarter(small: Ledger) -> None:
    frame = small.timeline("lab-campus")
    assert frame.height == 18
    assert frame["operational_p50"][:2].to_list() == [100, 200]
    assert frame["operational_p50"][2] is None
    assert frame["pledged_mean"].to_list() == [1000] * 18


def test_table_shows_the_quarters_in_which_something_changes(small: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    print_timeline(timeline(small, "lab-campus"))
    out = capsys.readouterr().out
    shown = [line.split()[:2] for line in out.splitlines() if line[:2] == "20"]
    # 100 MW run in the first quarter, 200 in the second; 500 are planned for January 2027; the last quarter closes.
    assert shown == [["2026", "Q1"], ["2026", "Q2"], ["2026", "Q3"], ["2027", "Q1"], ["2030", "Q2"]]
    assert max(len(line) for line in out.splitlines()) <= 100


def test_measure_without_a_ramp_is_refused(small: Ledger) -> None:
    with pytest.raises(UnknownMeasure, match="no ramp is drawn up in energy; expected one of it_power, chips"):
        timeline(small, measure="energy")
