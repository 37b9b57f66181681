"""Mechanical mends: shown first, written when agreed, and nothing that could be meant in two ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from gigaledger.cli.main import cli
from gigaledger.errors import FileProblem
from gigaledger.fixing import iso_date, mends_of, plain_number, write_mends
from gigaledger.starting import start_folder

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: object) -> Any:
    return CliRunner().invoke(cli, ["check", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A starter ledger."""
    start_folder(tmp_path / "mine")
    return tmp_path / "mine"


def spoil(path: Path, *changes: tuple[str, str]) -> None:
    """Replace texts of a file, each of which it must hold."""
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path.write_bytes(text.encode("utf-8"))


def test_every_mechanical_slip_is_mended_and_the_files_are_those_of_before(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.glob("*.csv")}
    spoil(
        folder / "milestone.csv",
        ("2026-06-01,operational,it_power,,100,,MW", "01.06.2026, Operational,IT power,n/a,100 ,-,MW"),
        ("2027-03-01,planned", "2027/3/1,PLANNED"),
    )
    header, first, second = (folder / "milestone.csv").read_text().splitlines()
    text = "\r\n".join([header.replace("stage", "Stage"), second, "", first, second, ""])
    (folder / "milestone.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    spoil(folder / "site.csv", (",TX,US,32.45,", ',tx,us,"32,45",'))
    spoil(folder / "statement.csv", (",", ";"))
    assert run("--datasets", folder).exit_code == 1  # DatasetProblems, with its own status on the command line
    result = run("--datasets", folder, "--fix", "--yes")
    assert result.exit_code == 0, result.output
    assert {path.name: path.read_bytes() for path in folder.glob("*.csv")} == before
    assert "Every rule holds." in result.output


def test_changes_are_shown_first_and_not_written_unasked(folder: Path) -> None:
    spoil(folder / "site.csv", (",TX,", ",tx,"))
    before = (folder / "site.csv").read_bytes()
    result = run("--datasets", folder, "--fix")  # a run that is no terminal is not asked
    assert (folder / "site.csv").read_bytes() == before
    assert "-my-campus,Cedar Flats,tx,US" in result.output
    assert "+my-campus,Cedar Flats,TX,US" in result.output
    assert "Nothing was written; --yes writes these changes." in result.output


def test_sound_ledger_is_left_alone(folder: Path) -> None:
    assert mends_of(folder) == []


def test_what_can_be_meant_in_two_ways_is_left_to_the_user(folder: Path) -> None:
    spoil(
        folder / "milestone.csv",
        ("2026-06-01,operational,it_power,,100,", '03/04/2026,operationl,it_power,,"1,234",'),
    )
    assert mends_of(folder) == []


def test_words_for_unknown_stay_where_they_may_be_a_name(folder: Path) -> None:
    spoil(folder / "site.csv", ("An example", "Unknown"), ("32.45,", "Unknown,"))
    (mend,) = mends_of(folder)
    assert ",,-99.73,my-builder,my-builder,Unknown\n" in mend.after


def test_file_in_another_encoding_is_named_and_left(folder: Path) -> None:
    (folder / "site.csv").write_bytes((folder / "site.csv").read_bytes().replace(b"An example", b"Z\xfcrich"))
    (mend,) = mends_of(folder)
    assert mend.left.startswith("not UTF-8")
    assert not mend.counts


def test_file_that_changed_meanwhile_is_not_written(folder: Path) -> None:
    spoil(folder / "site.csv", (",TX,", ",tx,"))
    mends = mends_of(folder)
    spoil(folder / "site.csv", ("An example", "Another"))
    with pytest.raises(FileProblem, match=r"has changed since it was read"):
        write_mends(folder, mends)


def test_fix_asks_for_a_ledger_of_ones_own() -> None:
    assert "--fix mends the CSV files of a ledger of your own" in run("--fix").output


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234.567", "1234567"),
        ("1 234", "1234"),
        ("1\u202f234,5", "1234.5"),
        ("1'234'567.5", "1234567.5"),
        ("−12,5", "-12.5"),
        ("0,125", "0.125"),
        ("1.234", None),  # a point: as it stands
        ("12.3.4", None),
        ("12,345", None),
        ("1,23,456", None),
    ],
)
def test_number_is_read_in_one_way_or_not_at_all(text: str, number: str | None) -> None:
    assert plain_number(text) == number


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("20260105", "2026-01-05"),
        ("2026-01-05T00:00:00Z", "2026-01-05"),
        ("January 5, 2026", "2026-01-05"),
        ("5. Jan 2026", "2026-01-05"),
        ("25/12/2026", "2026-12-25"),
        ("05/05/2026", "2026-05-05"),
        ("31/31/2026", None),
        ("30.02.2026", None),
        ("1/2/26", None),
        ("soon", None),
    ],
)
def test_date_is_read_in_one_way_or_not_at_all(text: str, date: str | None) -> None:
    assert iso_date(text) == date
