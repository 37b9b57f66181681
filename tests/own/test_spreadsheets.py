"""A ledger in workbooks and Parquet files: the same facts as in CSV, the same sentences, located by sheet and row."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest
import xlsxwriter

from gigaledger.datasets import load_datasets
from gigaledger.errors import DatasetProblems, FileProblem
from gigaledger.folder import Changes, locked, write_changes
from gigaledger.starting import example_tables, start_folder, start_workbook

if TYPE_CHECKING:
    from pathlib import Path

FACTS = "select * from milestone order by all"


def write_workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    """A workbook with a sheet of cells each; dates as a spreadsheet has them."""
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(line, place, dt.datetime.combine(cell, dt.time()), day)
                    elif isinstance(cell, str) and cell.startswith("=") and len(cell) > 1:
                        sheet.write_formula(line, place, cell, None, "#DIV/0!")
                    elif cell is not None:
                        sheet.write(line, place, cell)


def cells_of(name: str) -> list[list[Any]]:
    """A table of the starter as cells: numbers as numbers, dates as dates."""
    header, *rows = csv.reader(io.StringIO(example_tables()[name]))
    return [header, *([_typed(cell) for cell in row] for row in rows)]


def _typed(text: str) -> Any:
    for kind in (dt.date.fromisoformat, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text or None


def facts_of(source: Path) -> list[Any]:
    """The milestones of a ledger, loaded and checked."""
    connection = duckdb.connect()
    load_datasets(connection, source)
    return connection.execute(FACTS).fetchall()


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(DatasetProblems) as found:
        facts_of(folder)
    return [str(one).replace(f"{folder}/", "") for one in found.value.problems]


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The milestones of the starter, from CSV."""
    folder = tmp_path_factory.mktemp("csv") / "mine"
    start_folder(folder)
    return facts_of(folder)


def test_workbook_and_sheets_beside_csv_hold_the_same_facts(tmp_path: Path, facts: list[Any]) -> None:
    start_workbook(tmp_path / "ledger.xlsx")
    assert facts_of(tmp_path / "ledger.xlsx") == facts  # the workbook itself
    assert facts_of(tmp_path) == facts  # in a folder
    start_folder(tmp_path / "mixed")
    (tmp_path / "mixed/milestone.csv").unlink()
    write_workbook(tmp_path / "mixed/milestone.xlsx", {"Sheet1": cells_of("milestone")})
    assert facts_of(tmp_path / "mixed") == facts


def test_parquet_holds_the_same_facts(tmp_path: Path, facts: list[Any]) -> None:
    start_folder(tmp_path / "mine")
    path = tmp_path / "mine/milestone.csv"
    pl.read_csv(path, try_parse_dates=True).write_parquet(path.with_suffix(".parquet"))
    path.unlink()
    assert facts_of(tmp_path / "mine") == facts


def test_problem_is_located_by_sheet_and_row(tmp_path: Path) -> None:
    start_folder(tmp_path / "mine")
    (tmp_path / "mine/milestone.csv").unlink()
    rows = cells_of("milestone")
    stage, best, on = (rows[0].index(name) for name in ("stage", "amount_best", "on_date"))
    rows[1][stage], rows[2][best], rows[2][on] = "operatonal", "1,000", "10.01.2027"
    write_workbook(tmp_path / "mine/plan.xlsx", {"notes": [["ours"]], "milestone": [rows[0], [None], *rows[1:]]})
    expected = "expected one of planned, under_construction, operational, cancelled"
    assert problems_of(tmp_path / "mine") == [
        f"plan.xlsx, sheet milestone:3: stage: found 'operatonal'; {expected}; did you mean 'operational'?",
        "plan.xlsx, sheet milestone:4: amount_best: found '1,000'; expected a number with . as decimal point",
        "plan.xlsx, sheet milestone:4: on_date: found '10.01.2027'; expected a date as YYYY-MM-DD",
    ]


def test_header_error_cell_and_stray_value_are_told(tmp_path: Path) -> None:
    start_folder(tmp_path / "mine")
    (tmp_path / "mine/milestone.csv").unlink()
    rows = cells_of("milestone")
    rows[0][rows[0].index("stage")] = "stages"
    rows[1][rows[0].index("amount_best")] = "=1/0"
    rows[2].append("see mail")
    write_workbook(tmp_path / "mine/milestone.xlsx", {"milestone": rows})
    problems = problems_of(tmp_path / "mine")
    shown = "milestone.xlsx, sheet milestone"
    assert f"{shown}:1: stage: the column is missing" in problems
    assert f"{shown}:1: stages: the column is not known; did you mean 'stage'?" in problems
    assert f"{shown}:2: cell G2: expected a value, it holds an error" in problems
    assert f"{shown}:3: found 'see mail'; the value stands right of the header" in problems


def test_table_in_two_places_is_refused(tmp_path: Path) -> None:
    start_folder(tmp_path / "mine")
    write_workbook(tmp_path / "mine/extra.xlsx", {"milestone": cells_of("milestone")})
    (problem,) = [one for one in problems_of(tmp_path / "mine") if "keep one of them" in one]
    assert problem.startswith("milestone.csv: the table milestone stands here and in")


@pytest.mark.parametrize("content", [b"no workbook", b"PK\x03\x04 cut", b""])
def test_file_that_is_no_workbook_or_parquet_is_told(tmp_path: Path, content: bytes) -> None:
    start_folder(tmp_path / "mine")
    for name in ("site.xlsx", "claim.parquet"):
        (tmp_path / f"mine/{name.split('.')[0]}.csv").unlink()
        (tmp_path / f"mine/{name}").write_bytes(content)
    problems = problems_of(tmp_path / "mine")
    assert [one for one in problems if one.startswith("site.xlsx: the file is no workbook")]
    assert [one for one in problems if one.startswith("claim.parquet: the file cannot be read")]
    (tmp_path / "bad.xlsx").write_bytes(content)
    with pytest.raises(FileProblem, match=r"bad\.xlsx: the file is no workbook"):
        facts_of(tmp_path / "bad.xlsx")


def test_workbook_that_unpacks_to_gigabytes_or_elsewhere_is_not_unpacked(tmp_path: Path) -> None:
    start_workbook(tmp_path / "ledger.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as entry,
    ):
        for _ in range(120):
            entry.write(bytes(1_000_000))
    with pytest.raises(FileProblem, match=r"would unpack to 120,000,000 bytes"):
        facts_of(tmp_path / "bomb.xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx", "w") as archive:
        archive.writestr("../../outside", "x")
    with pytest.raises(FileProblem, match=r"a path that leads out of it"):
        facts_of(tmp_path / "out.xlsx")


def test_lists_in_parquet_are_told(tmp_path: Path) -> None:
    start_folder(tmp_path / "mine")
    path = tmp_path / "mine/site.csv"
    frame = pl.read_csv(path).with_columns(note=pl.lit([["a"]]).list.first().implode())
    frame.write_parquet(path.with_suffix(".parquet"))
    path.unlink()
    assert "site.parquet: note: expected texts, numbers or dates, not lists" in problems_of(tmp_path / "mine")


def test_table_in_a_workbook_is_not_written_as_csv(tmp_path: Path) -> None:
    start_folder(tmp_path / "mine")
    (tmp_path / "mine/claim.csv").unlink()
    write_workbook(tmp_path / "mine/claim.xlsx", {"claim": cells_of("claim")})
    changes = Changes()
    changes.put("claim", "new", {"claim_id": "new"})
    with locked(tmp_path / "mine"), pytest.raises(FileProblem, match=r"the table claim stands in .*claim\.xlsx"):
        write_changes(tmp_path / "mine", changes)
