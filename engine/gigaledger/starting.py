"""A starter ledger: a folder or a workbook with a few rows that convert and reconcile at once, and a guide."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

from gigaledger.errors import FileProblem, FolderNotEmpty
from gigaledger.folder import locked, write_texts
from gigaledger.paths import datasets_folder
from gigaledger.schema import Field, Table, fact_tables, tables
from gigaledger.writing import file_problems, replaced_file

# One pledge of 500 MW and one campus that serves it, a file a table, and the head of the guide.
STARTER = Path(__file__).resolve().parent / "starter"


def example_tables() -> dict[str, str]:
    """The text of each table of the starter, in the order of the schema."""
    found = {table.name: STARTER / table.path for table in fact_tables()}
    return {name: path.read_text(encoding="utf-8") for name, path in found.items() if path.is_file()}


def start_folder(folder: Path) -> list[str]:
    """Write a starter ledger into a new or empty folder; returns the names of its files.

    Raises:
        FolderNotEmpty: the folder holds something already.
        FileProblem: it cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise FileProblem(f"{folder} is a file; expected the name of a new folder")
    if folder.is_dir() and any(folder.iterdir()):
        raise FolderNotEmpty(f"{folder} is not empty; expected a new folder, so that nothing of yours is touched")
    example = example_tables()
    texts = {"README.md": guide(), "datapackage.json": package_text(list(example))}
    texts |= {tables()[name].path: text for name, text in example.items()}
    with file_problems(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            write_texts(folder, texts, is_checked=True)
    return sorted(texts)


def start_workbook(file: Path) -> list[str]:
    """Write a starter ledger as one workbook, a sheet a table, each column with a note; returns its sheets.

    Raises:
        FolderNotEmpty: the file is there already.
        FileProblem: it cannot be written.
    """
    import xlsxwriter

    if file.exists():
        raise FolderNotEmpty(f"{file} is there already; expected the name of a new file")
    with replaced_file(file) as unfinished:
        book = xlsxwriter.Workbook(str(unfinished))
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for name, text in example_tables().items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            _fill_sheet(sheet, tables()[name], list(csv.DictReader(io.StringIO(text))), bold, day)
        book.close()
    return list(example_tables())


def _fill_sheet(sheet: Any, table: Table, rows: list[dict[str, str]], bold: Any, day: Any) -> None:
    """The header with notes, dates and numbers as a spreadsheet has them, and lists to choose from."""
    for place, field in enumerate(table.fields):
        sheet.write_string(0, place, field.name, bold)
        sheet.write_comment(0, place, field_guide(field))
        sheet.set_column(place, place, max(12, len(field.name) + 2))
        if field.enum:
            sheet.data_validation(1, place, 1000, place, {"validate": "list", "source": list(field.enum)})
        for line, row in enumerate(rows, start=1):
            value = row[field.name]
            if value and field.type == "date":
                sheet.write_datetime(line, place, dt.datetime.fromisoformat(value), day)
            elif value and field.type in ("number", "integer"):
                sheet.write_number(line, place, float(value))
            elif value:
                sheet.write_string(line, place, value)


def field_guide(field: Field) -> str:
    """What a column holds, in one sentence."""
    parts = [field.description + (f" [{field.unit}]" if field.unit else "")]
    parts += ["needed"] if field.required else []
    parts += [f"one of {', '.join(field.enum)}"] if field.enum else []
    return "; ".join(parts)


def guide() -> str:
    """The guide that lies beside a starter: how to use it, and every column of every table."""
    lines = (STARTER / "README.md").read_text(encoding="utf-8").splitlines()
    for table in fact_tables():
        lines += ["", f"## {table.path}", "", f"{table.title}. Key: {', '.join(table.primary_key)}.", ""]
        lines += [f"- `{field.name}`: {field_guide(field)}" for field in table.fields]
    return "\n".join(lines) + "\n"


def package_text(names: list[str]) -> str:
    """The data package of the named tables: the schema of a folder that holds these and no others."""
    package = json.loads((datasets_folder() / "datapackage.json").read_text(encoding="utf-8"))
    resources = [resource for resource in package["resources"] if resource["name"] in names]
    for resource in resources:
        keys = resource["schema"].get("foreignKeys", [])
        kept = [key for key in keys if key["reference"]["resource"] in ("", *names)]
        resource["schema"].pop("foreignKeys", None)
        if kept:
            resource["schema"]["foreignKeys"] = kept
    about = {"name": "my-ledger", "title": "A ledger for Gigaledger", "profile": package["profile"]}
    return json.dumps(about | {"resources": resources}, indent=1, ensure_ascii=False) + "\n"


def write_package(folder: Path) -> list[str]:
    """Write `datapackage.json` for the CSV files that a folder holds; returns their names.

    Raises:
        FileProblem: the folder holds none.
    """
    names = [table.name for table in fact_tables() if (folder / table.path).is_file()]
    if not names:
        raise FileProblem(f"the folder {folder} holds no dataset; expected CSV files such as deal.csv")
    with locked(folder):
        write_texts(folder, {"datapackage.json": package_text(names)}, is_checked=False)
    return names
