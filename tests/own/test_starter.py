"""The starter ledger: it reconciles at once, its guide and schema hold, and nothing of the user's is touched."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from gigaledger.cli.main import cli
from gigaledger.ledger import open_ledger
from gigaledger.schema import fact_tables
from gigaledger.starting import example_tables, start_folder, start_workbook

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: object) -> Any:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


def test_starter_reconciles_and_breaks_no_rule(tmp_path: Path) -> None:
    place = tmp_path / "mine"
    assert run("init", place).exit_code == 0
    ledger = open_ledger(place)
    rows = ledger.reconcile(measure="it_power").to_dicts()
    (programme,) = [row for row in rows if row["programme_id"] == "my-programme"]
    # 90 % of the 100 MW in service, and of the 200 MW that are planned beyond them.
    assert programme["operational_p50"] == pytest.approx(90)
    assert programme["planned_p50"] == pytest.approx(180)
    assert "Every rule holds.\n" in run("check", "--datasets", place).output


def test_workbook_of_the_starter_is_the_same_ledger(tmp_path: Path) -> None:
    start_folder(tmp_path / "mine")
    start_workbook(tmp_path / "mine.xlsx")
    folder, book = open_ledger(tmp_path / "mine"), open_ledger(tmp_path / "mine.xlsx")
    for table in example_tables():
        assert folder.rows(f"from {table} order by all") == book.rows(f"from {table} order by all")


def test_starter_is_layered_over_the_bundled_ledger(tmp_path: Path) -> None:
    start_folder(tmp_path / "mine")
    ledger = open_ledger(tmp_path / "mine", extend=True)
    names = {row[0] for row in ledger.rows("select programme_id from programme")}
    assert {"my-programme", "anthropic-50b-texas-new-york"} <= names
    (programme,) = ledger.reconcile("my-programme", measure="it_power").to_dicts()
    assert programme["operational_p50"] == pytest.approx(90)


def test_guide_names_every_column(tmp_path: Path) -> None:
    start_folder(tmp_path / "mine")
    guide = (tmp_path / "mine/README.md").read_text(encoding="utf-8")
    missing = [
        f"{table.name}.{column}"
        for table in fact_tables()
        for column in table.columns
        if f"- `{column}`: " not in guide
    ]
    assert missing == []
    assert all(f"## {table.path}" in guide for table in fact_tables())


def test_schema_of_the_starter_holds_by_another_validator(tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless", reason="frictionless is a tool of development")
    start_folder(tmp_path / "mine")
    assert frictionless.validate(str(tmp_path / "mine/datapackage.json")).valid
    deal = tmp_path / "mine/deal.csv"
    deal.write_text(deal.read_text().replace(",announced,", ",promised,").replace("my-builder", "nobody"))
    report = frictionless.validate(str(tmp_path / "mine/datapackage.json"))
    assert {error.type for task in report.tasks for error in task.errors} >= {"constraint-error", "foreign-key"}


def test_schema_is_written_for_the_files_that_a_folder_holds(tmp_path: Path) -> None:
    start_folder(tmp_path / "mine")
    for name in ("deal", "statement", "claim", "programme"):
        (tmp_path / f"mine/{name}.csv").unlink()
    assert run("init", tmp_path / "mine", "--schema").exit_code == 0
    package = json.loads((tmp_path / "mine/datapackage.json").read_text())
    assert [resource["name"] for resource in package["resources"]] == ["organization", "source", "site", "milestone"]
    keys = [
        key["reference"]["resource"] for one in package["resources"] for key in one["schema"].get("foreignKeys", [])
    ]
    assert set(keys) <= {"", "organization", "source", "site"}


def test_folder_or_file_of_the_user_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("mine")
    (tmp_path / "mine.xlsx").write_text("mine")
    for place in (tmp_path / "mine", tmp_path / "mine.xlsx", tmp_path / "mine/notes.txt"):
        assert run("init", place).exit_code != 0
    assert [path.read_text() for path in (tmp_path / "mine/notes.txt", tmp_path / "mine.xlsx")] == ["mine", "mine"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "mine.xlsx"]


def test_workbook_holds_dates_and_numbers_and_explains_its_columns(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is a tool of development")
    assert start_workbook(tmp_path / "mine.xlsx") == list(example_tables())
    book = openpyxl.load_workbook(tmp_path / "mine.xlsx")
    header, first, *_ = list(book["milestone"].iter_rows())
    cells = {name.value: cell for name, cell in zip(header, first, strict=True)}
    assert cells["on_date"].value.date().isoformat() == "2026-06-01"
    assert cells["amount_best"].value == 100
    assert "cumulative" in header[0].parent["A1"].comment.text or header[0].comment.text
    book.close()


# One's own row wins by its key, and the rest of the bundled ledger stays.
OVERRIDDEN = {
    "assumption": (
        {"assumption_id": "peak_pue", "applies_to": "*", "year": "*"},
        {"low": "1.5", "best": "1.5", "high": "1.5"},
    ),
    "deal": ({"deal_id": "anthropic-fluidstack-50b-2025"}, {"status": "cancelled"}),
    "milestone": ({"milestone_id": "barber-lake"}, {"amount_best": "1"}),
}


def bundled_row(table: str, key: dict[str, str]) -> dict[str, str]:
    """The first row of the bundled ledger whose key begins so."""
    from gigaledger.paths import datasets_folder

    with (datasets_folder() / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return next(row for row in csv.DictReader(file) if all(row[name].startswith(one) for name, one in key.items()))


@pytest.mark.parametrize("table", OVERRIDDEN)
def test_own_row_wins_by_its_key_and_the_others_stay(tmp_path: Path, table: str) -> None:
    key, change = OVERRIDDEN[table]
    row = bundled_row(table, key) | change
    if table == "assumption":
        row |= {"distribution": "fixed"}
    with (tmp_path / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row), lineterminator="\n")
        writer.writeheader()
        writer.writerow(row)
    bundled, own = open_ledger(), open_ledger(tmp_path, extend=True)
    count = f"select count(*) from {table}"
    assert own.rows(count) == bundled.rows(count)
    name, value = next(iter(change.items()))
    where = " and ".join(f"{column} = $${row[column]}$$" for column in key)
    assert own.rows(f"select {name}::varchar from {table} where {where}") != bundled.rows(
        f"select {name}::varchar from {table} where {where}"
    )
    ((found,),) = own.rows(f"select {name} from {table} where {where}")
    assert str(found) == value or float(found) == float(value)
