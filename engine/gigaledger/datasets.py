"""From CSV files to checked tables in DuckDB; every problem of every file is found before anything is used.

The schema is `datasets/datapackage.json`; the rules across columns and tables are the queries in `sql/input/`.
"""

from __future__ import annotations

import datetime as dt
import difflib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from gigaledger.csv_large import store_plain_csv
from gigaledger.csv_structure import CsvText, read_csv_text
from gigaledger.dataset_checks import (
    FIRST_DATE,
    LAST_DATE,
    convert_units,
    key_problems,
    reference_problems,
    rule_problems,
    told_once,
    value_problems,
)
from gigaledger.errors import DatasetProblems, FileProblem, Problem
from gigaledger.paths import datasets_folder
from gigaledger.schema import Table, fact_tables, tables
from gigaledger.tabular import SUFFIXES, Place, is_built_ledger, places_of, read_tabular, unpacking_problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import duckdb

# What a ledger without chips, mixes or assumptions of its own is converted with.
REFERENCE_TABLES = ("chip", "chip_mix", "assumption", "instance")
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


@dataclass(frozen=True, slots=True)
class Layer:
    """One folder of CSV files; `shown` stands before its file names in problems.

    A borrowed table is a bundled one that stands in for a table that the user's folder lacks; it may speak of chips,
    designers and sources that the user's ledger does not have.
    """

    folder: Path
    shown: str
    is_bundled: bool
    is_borrowed: bool = False


def load_datasets(
    connection: duckdb.DuckDBPyConnection,
    folder: Path | None = None,
    *,
    extend: bool = False,
    only: frozenset[str] | None = None,
) -> list[str]:
    """Load, check and type every table of a ledger into the main schema of a DuckDB connection.

    Args:
        connection: an open DuckDB connection without the tables.
        folder: the user's own ledger; none: the bundled one.
        extend: layer the user's rows over the bundled ones; the user's row wins where the key is the same.
        only: fact tables to load; the others stay empty. None: all. A part of the bundled ledger is not checked anew:
            the tests and every run of the main job check it whole.

    Returns:
        Sentences on what was taken from the bundled ledger because the folder lacks it.

    Raises:
        DatasetProblems: every problem of every file.
        FileProblem: the folder is not there or holds no table.
    """
    notes: list[str] = []
    is_trusted = folder is None and only is not None
    connection.execute("create schema input")
    with ThreadPoolExecutor(max_workers=2) as beside:  # DuckDB works on one core for each
        loading = []
        for table in tables().values():
            wanted = only is None or table.is_vocabulary or table.name in only
            layers = _layers_of(table, folder, notes, extend=extend) if wanted else []
            is_checked = not (table.is_vocabulary or is_trusted)
            loading.append(beside.submit(_load_table, connection.cursor(), table, layers, is_checked=is_checked))
        loaded = [one.result() for one in loading]
    problems = [problem for table in loaded for problem in table.problems]
    broken_values = [problem for table in loaded for problem in table.broken_values]
    unread = {table.name for table in loaded if not table.is_whole}
    if folder is not None:
        problems += _unknown_files(folder)
    if is_trusted:
        _publish(connection)
        return notes
    _store_unread(connection, unread)
    problems += reference_problems(connection, unread)
    problems += told_once(problems, broken_values, rule_problems(connection, only))
    problems += convert_units(connection)
    if problems:
        raise DatasetProblems(_in_order(problems))
    _publish(connection)
    return notes


@dataclass(frozen=True, slots=True)
class _Loaded:
    """How the loading of one table went: problems of its form and keys, values that break a rule of their column."""

    name: str
    is_whole: bool
    problems: list[Problem]
    broken_values: list[Problem]


def _load_table(
    connection: duckdb.DuckDBPyConnection, table: Table, layers: list[Layer], *, is_checked: bool
) -> _Loaded:
    """Read, check and type one table into the schema of the input, on a connection of its own."""
    problems, is_whole = _store_raw(connection, table, layers)
    broken_values = []
    is_checked = is_checked and _has_rows(connection, "raw_text")
    if is_checked:
        broken_values = value_problems(connection, table)
    _store_typed(connection, table)
    if is_checked:
        problems += key_problems(connection, table)
    if len(layers) > 1:
        _drop_overridden(connection, table)
    connection.close()
    return _Loaded(table.name, is_whole, problems, broken_values)


def _publish(connection: duckdb.DuckDBPyConnection) -> None:
    """Move the tables from the schema of the input into the main one, sorted by key."""
    for table in tables().values():
        columns = ", ".join(table.columns)
        order = ", ".join(table.primary_key)
        connection.execute(
            f"create table main.{table.name} as select {columns} from input.{table.name} order by {order}"
        )
    connection.execute("drop schema input cascade")


def _layers_of(table: Table, folder: Path | None, notes: list[str], *, extend: bool) -> list[Layer]:
    """The folders that the rows of a table come from, the bundled one first."""
    bundled = Layer(datasets_folder(), "datasets/", is_bundled=True)
    if folder is None or table.is_vocabulary:
        return [bundled]
    _check_folder(folder)
    # The references of a ledger that was built were checked then, and may lead into what it was lent.
    own = Layer(folder, f"{folder}/", is_bundled=False, is_borrowed=is_built_ledger(folder))
    if extend:
        return [bundled, own]
    if table.name in REFERENCE_TABLES and not _places(folder)[table.name]:
        if table.name != "instance":  # which matters to a bill alone, not to what the ledger answers
            notes.append(f"{table.path} is taken from the bundled ledger, because {folder} has none")
        return [replace(bundled, is_borrowed=True)]
    return [own]


def _check_folder(folder: Path) -> None:
    """Refuse a folder, or a workbook, that is not there or holds no table."""
    is_workbook = folder.is_file() and folder.suffix.casefold() == ".xlsx"
    if not folder.is_dir() and not is_workbook and not is_built_ledger(folder):
        what = "is a file" if folder.exists() else "does not exist"
        raise FileProblem(
            f"the folder {folder} {what}; expected a folder of CSV files such as deal.csv, a workbook (.xlsx) or a "
            "ledger built before (.duckdb)"
        )
    if is_workbook and (problem := unpacking_problem(folder)):
        raise FileProblem(f"{folder}: {problem}")
    if not any(_places(folder).values()):
        names = ", ".join(table.path for table in fact_tables())
        found = "".join(f"; found {Path(one.file).name}, {one.expected}" for one in _unknown_files(folder))
        raise FileProblem(f"the folder {folder} holds no dataset; expected at least one of {names}{found}")


def _read_table(table: Table, layer: Layer) -> CsvText:
    """The rows of one table in one folder; a file that is not there has no rows."""
    if layer.is_bundled:
        return read_csv_text(layer.folder / table.path, f"{layer.shown}{table.path}", table.columns)
    places = _places(layer.folder)[table.name]
    if not places:
        return CsvText(header=list(table.columns))
    first = places[0]
    if first.path.suffix.casefold() == ".csv":
        text = read_csv_text(first.path, f"{layer.shown}{table.path}", table.columns)
    else:
        text = read_tabular(first, first.shown, table)
    for other in places[1:]:
        expected = f"the table {table.name} stands here and in {text.shown}; keep one of them"
        text.problems.append(Problem(other.shown, None, None, None, expected))
    return text


def _csv_path(table: Table, layer: Layer) -> Path | None:
    """The CSV file of a table in a layer, if it is the one place where the table stands."""
    if layer.is_bundled:
        return layer.folder / table.path
    places = _places(layer.folder)[table.name]
    is_csv = len(places) == 1 and places[0].path.suffix.casefold() == ".csv"
    return places[0].path if is_csv else None


def _places(source: Path) -> dict[str, list[Place]]:
    """Where each table of a user's ledger stands, looked up anew when a file has changed."""
    files = sorted(source.iterdir()) if source.is_dir() else [source]
    found = [(path.name, path.stat()) for path in files if path.suffix.casefold() in SUFFIXES and path.is_file()]
    return _places_by_stamp(source, tuple((name, one.st_mtime_ns, one.st_size) for name, one in found))


@lru_cache(maxsize=8)
def _places_by_stamp(source: Path, _stamp: tuple[tuple[str, int, int], ...]) -> dict[str, list[Place]]:
    """Where each table stands as long as the names, times and sizes of the files stay."""
    return places_of(source)


def _store_raw(
    connection: duckdb.DuckDBPyConnection, table: Table, layers: Iterable[Layer]
) -> tuple[list[Problem], bool]:
    """Put the texts of all rows into `raw_text`, with file, line and layer.

    Returns:
        The problems of the form of the files, and whether every file could be read whole.
    """
    columns = ", ".join(f'"{column}" varchar' for column in table.columns)
    connection.execute(
        "create or replace temp table raw_text "
        f"(_file varchar, _line integer, _bundled boolean, _borrowed boolean, {columns})"
    )
    problems: list[Problem] = []
    is_whole = True
    for layer in layers:
        origin = (f"{layer.shown}{table.path}", layer.is_bundled, layer.is_borrowed)
        if (path := _csv_path(table, layer)) and store_plain_csv(connection, path, table.columns, origin):
            continue
        text = _read_table(table, layer)
        problems += text.problems
        is_whole = is_whole and text.is_whole
        _store_rows(connection, table, text, (text.shown or origin[0], *origin[1:]))
    return problems, is_whole


def _store_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, text: CsvText, origin: tuple[str, bool, bool]
) -> None:
    """Append the rows of one file to `raw_text`."""
    if not text.rows:
        return
    by_name = dict(zip(text.header, zip(*text.rows, strict=True), strict=False))
    empty = ("",) * len(text.rows)
    values = [list(by_name.get(column, empty)) for column in table.columns]
    unnested = ", ".join(f"nullif(unnest(${place + 5}::varchar[]), '')" for place in range(len(values)))
    connection.execute(
        f"insert into raw_text select $1, unnest($2::integer[]), $3, $4, {unnested}",
        [origin[0], text.lines, *origin[1:], *values],
    )


def _has_rows(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether a table has rows."""
    return bool(connection.execute(f"select exists (from {name})").fetchall()[0][0])


def _store_typed(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Type `raw_text` into the table of the input schema; what cannot be typed is null there."""
    columns = ", ".join(f"try_cast({field.name} as {field.sql_type}) as {field.name}" for field in table.fields)
    connection.execute(
        f"create table input.{table.name} as select _file, _line, _bundled, _borrowed, {columns} from raw_text"
    )


def _drop_overridden(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Drop the bundled rows whose key the user's own ledger has too."""
    connection.execute(
        f"delete from input.{table.name} as bundled using input.{table.name} as own where bundled._bundled "
        "and not own._bundled and " + " and ".join(f"bundled.{column} = own.{column}" for column in table.primary_key)
    )


def _store_unread(connection: duckdb.DuckDBPyConnection, unread: set[str]) -> None:
    """Tell the rules which tables could not be read whole, in `input.unread_table`."""
    connection.execute("create table input.unread_table as select unnest($1::varchar[]) as name", [sorted(unread)])


def newest_known_on(folder: Path | None, *, extend: bool) -> dt.date | None:
    """The newest `known_on` of a ledger's files, read without checking them."""
    days = []
    for name in ("statement", "milestone", "claim", "consumption", "inclusion"):
        for layer in _layers_of(tables()[name], folder, [], extend=extend):
            part = _read_table(tables()[name], layer)
            if "known_on" in part.header:
                place = part.header.index("known_on")
                days += [row[place] for row in part.rows]
    return max((day for text in set(days) if (day := _date(text))), default=None)


def _date(text: str) -> dt.date | None:
    """The date that a text gives as YYYY-MM-DD, or nothing."""
    try:
        return dt.date.fromisoformat(text) if FIRST_DATE <= text <= LAST_DATE else None
    except ValueError:
        return None


def _unknown_files(folder: Path) -> Iterator[Problem]:
    """CSV files that are no table but nearly have the name of one."""
    names = {table.name: table.path for table in fact_tables()}
    for path in sorted(folder.glob("*.csv")):
        close = difflib.get_close_matches(path.stem.casefold(), names, n=1, cutoff=0.75)
        if path.name not in names.values() and close:
            expected = f"the file is no dataset; did you mean {names[close[0]]!r}?"
            yield Problem(f"{folder}/{path.name}", None, None, None, expected)


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, by file, line and column."""
    return sorted(set(problems), key=lambda one: (one.file, one.line or 0, one.column or "", one.expected))
