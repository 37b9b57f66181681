"""A user's ledger as a folder that is written: one writer at a time, every file whole, old or new.

Files are written beside their targets, checked as a ledger, and renamed in an order in which each row's references are
there before it; a process that is killed between two renames leaves a valid ledger.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gigaledger.csv_structure import read_csv_text
from gigaledger.errors import DatasetProblems, FileProblem
from gigaledger.schema import tables
from gigaledger.writing import sole_holder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Rows = dict[str, dict[str, str]]

LOCK = ".gigaledger.lock"
SCRATCH = ".gigaledger.new"
# What is referred to comes first.
_ORDER = (
    *("source", "organization", "chip", "chip_mix", "assumption", "instance", "programme", "site"),
    *("deal", "statement", "milestone", "claim", "consumption"),
)
SECONDS_TO_WAIT = 20.0


@dataclass(slots=True)
class SideTable:
    """A table of the importer's own beside the datasets, keyed by its first column."""

    name: str
    columns: tuple[str, ...]


@dataclass(slots=True)
class Changes:
    """The rows to add or replace, by table; a row stands under its key."""

    rows: dict[str, Rows] = field(default_factory=dict)

    def put(self, table: str, key: str, row: dict[str, str]) -> None:
        """Add a row, or replace the row of that key."""
        self.rows.setdefault(table, {})[key] = row


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The right to write into a folder, kept from other writers; the system gives it back when the process ends.

    Raises:
        FileProblem: another writer does not finish in time, or the folder cannot be written.
    """
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise FileProblem(f"{folder} {what}; expected a folder of CSV files to write into")
    try:
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    except OSError as error:
        raise FileProblem(f"{folder} cannot be written: {error.strerror}") from None
    with sole_holder(handle, folder, SECONDS_TO_WAIT):
        shutil.rmtree(folder / SCRATCH, ignore_errors=True)  # what a killed writer left
        yield


def read_rows(path: Path, columns: tuple[str, ...], key_columns: tuple[str, ...]) -> Rows:
    """The rows of one CSV file as text by key; none where there is no file.

    Raises:
        DatasetProblems: the form of the file, such as a missing column.
    """
    if not path.exists():
        return {}
    text = read_csv_text(path, str(path), columns)
    if text.problems:
        raise DatasetProblems(text.problems)
    rows = (dict(zip(text.header, row, strict=True)) for row in text.rows)
    return {"\0".join(row[column] for column in key_columns): row for row in rows}


def read_table(folder: Path, name: str) -> Rows:
    """The rows of one dataset of a folder by key."""
    table = tables()[name]
    return read_rows(folder / table.path, table.columns, table.primary_key)


def csv_text(columns: tuple[str, ...], rows: Rows) -> str:
    """The rows as the datasets are written: sorted by key, line feeds, empty where a row has no value."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows[key] for key in sorted(rows))
    return buffer.getvalue()


def write_changes(
    folder: Path, changes: Changes, side_tables: tuple[SideTable, ...] = (), *, is_checked: bool = True
) -> list[str]:
    """Write rows into a ledger's folder, all files or none; the caller holds the lock.

    Args:
        folder: the ledger.
        changes: rows by table; other rows stay as they are.
        side_tables: tables that are no datasets, written after them.
        is_checked: load the new ledger before it takes the place of the old one.

    Returns:
        The names of the files that have changed.

    Raises:
        DatasetProblems: the ledger with the new rows would not be valid; nothing is written.
        FileProblem: the folder cannot be written, such as a disk that is full; nothing is written.
    """
    texts: dict[str, str] = {}
    _refuse_other_forms(folder, changes)
    for name in _ORDER:
        if rows := changes.rows.get(name):
            table = tables()[name]
            texts[table.path] = csv_text(table.columns, read_table(folder, name) | rows)
    for side in side_tables:
        if rows := changes.rows.get(side.name):
            path = f"{side.name}.csv"
            texts[path] = csv_text(side.columns, read_rows(folder / path, side.columns, side.columns[:1]) | rows)
    return write_texts(folder, texts, is_checked=is_checked)


def _refuse_other_forms(folder: Path, changes: Changes) -> None:
    """Refuse to write a table as CSV that stands in a workbook or a Parquet file."""
    from gigaledger.tabular import places_of

    for name, places in places_of(folder).items():
        other = [place for place in places if place.path.suffix.casefold() != ".csv"]
        if other and changes.rows.get(name):
            raise FileProblem(
                f"the table {name} stands in {other[0].shown}; save it as {name}.csv first, which is written"
            )


def write_texts(folder: Path, texts: dict[str, str], *, is_checked: bool) -> list[str]:
    """Replace files by new texts in the order given, each whole; files that already hold the text are left alone."""
    changed = {name: text for name, text in texts.items() if not _holds(folder / name, text)}
    if not changed:
        return []
    scratch = folder / SCRATCH
    try:
        scratch.mkdir()
        for name, text in changed.items():
            with (scratch / name).open("w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        if is_checked:
            _check_as_ledger(folder, scratch, changed)
        for name in changed:
            (scratch / name).replace(folder / name)
    except OSError as error:
        raise FileProblem(f"{folder} cannot be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return list(changed)


def _holds(path: Path, text: str) -> bool:
    """Whether the file holds exactly this text."""
    return path.is_file() and path.read_bytes() == text.encode("utf-8")


def _check_as_ledger(folder: Path, scratch: Path, changed: dict[str, str]) -> None:
    """Load the ledger as it will be: alone, else layered over the bundled one, to which a user's rows may refer."""
    import duckdb

    from gigaledger.datasets import load_datasets
    from gigaledger.tabular import places_of

    added = []
    try:
        for path in {place.path for places in places_of(folder).values() for place in places}:
            if path.name not in changed:
                shutil.copyfile(path, scratch / path.name)
                added.append(scratch / path.name)
        try:
            load_datasets(duckdb.connect(), scratch)
        except DatasetProblems:
            load_datasets(duckdb.connect(), scratch, extend=True)
    except DatasetProblems as error:
        shown = f"{folder}/"
        problems = [
            type(one)(one.file.replace(f"{scratch}/", shown), one.line, one.column, one.value, one.expected)
            for one in error.problems
        ]
        raise DatasetProblems(problems) from None
    finally:
        for path in added:
            path.unlink(missing_ok=True)
