"""Tables of a user's ledger that are no CSV files: sheets of workbooks, Parquet files, built ledgers, as texts.

Their cells become the texts that the CSV file would hold, so that every check and every sentence is the same; a problem
is located by sheet and row. An archive is looked at before it is unpacked.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from gigaledger.csv_structure import CsvText, check_header
from gigaledger.errors import FileProblem, Problem
from gigaledger.schema import fact_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl

    from gigaledger.schema import Table

SUFFIXES = (".csv", ".parquet", ".xlsx")
# A workbook of a million rows unpacks to less; what would need more is no ledger [byte].
LARGEST_UNPACKED_BYTES = 1_000_000_000
LARGEST_UNPACKING_RATIO = 200
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00:00(\.0+)?")
_WHOLE = re.compile(r"(-?\d+)\.0+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table stands: a file, and the sheet of a workbook."""

    path: Path
    sheet: str | None = None

    @property
    def shown(self) -> str:
        """The place as the user knows it, before the number of a row."""
        name = str(self.path)
        kind = "table" if self.path.suffix.casefold() == ".duckdb" else "sheet"
        return f"{name}, {kind} {self.sheet}" if self.sheet else name


def places_of(source: Path) -> dict[str, list[Place]]:
    """Where each table of a ledger stands, by its name: a folder of files, one workbook, or a ledger built before.

    A workbook named as a table holds it in the sheet of that name, else in its first sheet; any other workbook holds a
    table a sheet. Two places for one table are for the caller to refuse.
    """
    names = {table.name for table in fact_tables()}
    found: dict[str, list[Place]] = {name: [] for name in names}
    if is_built_ledger(source):
        held = {name for (name,) in _asked_of_file(source, "select table_name from duckdb_tables()")}
        return {name: [Place(source, name)] if name in held else [] for name in names}
    files = sorted(source.iterdir()) if source.is_dir() else [source]
    for path in files:
        if path.suffix.casefold() not in SUFFIXES or path.name.startswith(("~$", ".")):
            continue
        if path.is_dir() and path.stem not in names:
            continue  # one that has the name of a table is told when it is read
        if path.suffix.casefold() != ".xlsx":
            if path.stem in names:
                found[path.stem].append(Place(path))
            continue
        sheets = sheets_of(path)
        own = [sheet for sheet in sheets if sheet in names]
        if path.stem in names and not own and sheets:
            found[path.stem].append(Place(path, sheets[0]))
        elif path.stem in names and not sheets:
            found[path.stem].append(Place(path))  # no workbook after all: reading it says why
        for sheet in own:
            found[sheet].append(Place(path, sheet))
    return found


def is_built_ledger(path: Path) -> bool:
    """Whether a path is a ledger that `gigaledger build` has written."""
    return path.is_file() and path.suffix.casefold() == ".duckdb"


def _asked_of_file(path: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query of a built ledger, which can reach nothing but its own tables.

    Raises:
        FileProblem: it is no ledger, or DuckDB cannot read it.
    """
    try:
        with duckdb.connect(str(path), read_only=True, config={"enable_external_access": False}) as connection:
            return connection.execute(query).fetchall()
    except duckdb.Error as error:
        raise FileProblem(f"{path} cannot be read as a ledger: {str(error).splitlines()[0]}") from None


def sheets_of(path: Path) -> list[str]:
    """The names of the sheets of a workbook; none where it cannot be read."""
    import fastexcel

    if unpacking_problem(path):
        return []
    try:
        return list(fastexcel.read_excel(str(path)).sheet_names)
    except Exception:  # noqa: BLE001 - the library raises its own and those of its archive reader; reading says why
        return []


def unpacking_problem(path: Path) -> str | None:
    """Why a workbook is not unpacked: no archive, too large, or paths that lead out of it."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        return f"the file is no workbook: {error}"
    size = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if size > LARGEST_UNPACKED_BYTES or (
        size > LARGEST_UNPACKED_BYTES / 10 and size / packed > LARGEST_UNPACKING_RATIO
    ):
        return (
            f"the workbook would unpack to {size:,} bytes from {packed:,}; expected at most {LARGEST_UNPACKED_BYTES:,} "
            f"and, of a large one, at most {LARGEST_UNPACKING_RATIO} times what it takes"
        )
    if any(entry.filename.startswith("/") or ".." in entry.filename.split("/") for entry in entries):
        return "the workbook holds a path that leads out of it"
    return None


def read_tabular(place: Place, shown: str, table: Table) -> CsvText:
    """The rows of one sheet or Parquet file as texts, with the number of their row in the sheet, and its problems."""
    result = CsvText(shown=shown)
    if is_built_ledger(place.path):
        return _built_rows(place, result, table)
    reader = _sheet_rows if place.path.suffix.casefold() == ".xlsx" else _parquet_rows
    try:
        rows = list(reader(place, result))
    except Exception as error:  # noqa: BLE001 - each library raises its own; whatever it is, the file cannot be read
        _refuse(result, None, f"the file cannot be read: {str(error).splitlines()[0][:200]}")
        return result
    if not rows:
        if not result.problems:
            _refuse(result, 1, f"the table is empty; expected the header {','.join(table.columns)}")
        return result
    _take(rows, result, table)
    check_header(result, shown, table.columns)
    return result


def _refuse(result: CsvText, line: int | None, expected: str) -> None:
    """Add a problem of the whole table."""
    result.problems.append(Problem(result.shown, line, None, None, expected))
    result.is_whole = False


def _sheet_rows(place: Place, result: CsvText) -> Iterator[list[str | None]]:
    """The rows of a sheet, the first of them its first row, empty ones too."""
    import fastexcel

    problem = unpacking_problem(place.path)
    if problem:
        _refuse(result, None, problem)
        return
    book = fastexcel.read_excel(str(place.path))
    frame: pl.DataFrame = book.load_sheet(place.sheet or 0, header_row=None, skip_rows=0, dtypes="string").to_polars()
    for cell in error_cells(place):
        line = int(re.sub(r"\D", "", cell))
        result.problems.append(Problem(result.shown, line, f"cell {cell}", None, "expected a value, it holds an error"))
    yield from (list(row) for row in frame.iter_rows())


def error_cells(place: Place) -> list[str]:
    """The cells of a sheet that hold an error such as #DIV/0!, which readers take as empty."""
    with zipfile.ZipFile(place.path) as archive:
        book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
        related = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        sheets = re.findall(r"<sheet\b[^>]*>", book)
        named = {_attribute(one, "name"): _attribute(one, "r:id") for one in sheets}
        targets = {
            _attribute(one, "Id"): _attribute(one, "Target") for one in re.findall(r"<Relationship\b[^>]*>", related)
        }
        relation = named.get(place.sheet or "", next(iter(named.values()), ""))
        target = targets.get(relation, "").removeprefix("/xl/")
        if f"xl/{target}" not in archive.namelist():
            return []
        cells = re.findall(rb"<c\b[^>]*\bt=\"e\"[^>]*>", archive.read(f"xl/{target}"))
    return [_attribute(cell.decode("utf-8", "replace"), "r") for cell in cells]


def _attribute(tag: str, name: str) -> str:
    """The value of an attribute of a tag, or nothing."""
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return found[1] if found else ""


def _built_rows(place: Place, result: CsvText, table: Table) -> CsvText:
    """The rows of a table of a built ledger; a column that an older version did not have yet is empty."""
    columns = f"select column_name from duckdb_columns() where table_name = '{table.name}'"
    held = {name for (name,) in _asked_of_file(place.path, columns)}
    asked = ", ".join(f'"{name}"::varchar' if name in held else "null" for name in table.columns)
    result.header = list(table.columns)
    for line, row in enumerate(_asked_of_file(place.path, f"select {asked} from {table.name} order by all"), start=1):
        result.rows.append([cell or "" for cell in row])
        result.lines.append(line)
    return result


def _parquet_rows(place: Place, result: CsvText) -> Iterator[list[str | None]]:
    """The columns' names, then the rows of a Parquet file as texts."""
    import polars as pl
    from pyarrow import parquet

    groups = parquet.ParquetFile(place.path).metadata
    size = sum(groups.row_group(one).total_byte_size for one in range(groups.num_row_groups))
    if size > LARGEST_UNPACKED_BYTES:
        _refuse(result, None, f"the file would unpack to {size:,} bytes; expected at most {LARGEST_UNPACKED_BYTES:,}")
        return
    frame = pl.read_parquet(place.path)
    nested = [name for name, kind in frame.schema.items() if kind.is_nested() or kind == pl.Binary]
    for name in nested:
        result.problems.append(Problem(result.shown, None, name, None, "expected texts, numbers or dates, not lists"))
    yield list(frame.columns)
    flat = frame.with_columns(pl.lit(None).alias(name) for name in nested)
    yield from (list(row) for row in flat.select(pl.all().cast(pl.String)).iter_rows())


def _take(rows: list[list[str | None]], result: CsvText, table: Table) -> None:
    """Header and rows of a table; rows without any value are passed over, as in sheets they mean nothing."""
    start = next((place for place, row in enumerate(rows) if any(row)), 0)
    header = [(cell or "").strip() for cell in rows[start]]
    width = max((place for place, cell in enumerate(header) if cell), default=-1) + 1
    result.header = header[:width]
    types = {field.name: field.type for field in table.fields}
    kinds = [types.get(name, "string") for name in result.header]
    for line, row in enumerate(rows[start + 1 :], start=start + 2):
        if not any(row):
            continue
        beyond = [cell for cell in row[width:] if cell]
        if beyond:
            result.problems.append(Problem(result.shown, line, None, beyond[0], "the value stands right of the header"))
        result.rows.append([_as_csv(cell, kind) for cell, kind in zip(row[:width], kinds, strict=True)])
        result.lines.append(line)


def _as_csv(cell: str | None, kind: str) -> str:
    """A cell as in CSV: a date without the time that a spreadsheet adds, a whole number without decimals."""
    text = cell or ""
    if kind == "date" and (day := _MIDNIGHT.fullmatch(text)):
        return day[1]
    if kind != "number" and (whole := _WHOLE.fullmatch(text)):
        return whole[1]
    return text
