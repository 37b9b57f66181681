"""The files of a vintage as text by declared column: what is no such file is refused, all problems at once."""

from __future__ import annotations

import csv
import difflib
import io
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gigaledger.errors import FileProblem, Problem
from gigaledger.sources.epoch.rules import FILES, NEEDED_FILES, columns_of, normal_column, normal_file, rules

if TYPE_CHECKING:
    from pathlib import Path

_MAGIC = {
    b"PK\x03\x04": "a ZIP archive or a workbook",
    b"\x1f\x8b": "a gzip archive",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
}


# The columns of which a file must have one each.
_NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "data_centers": (("name", "handle"),),
    "timelines": (("name",), ("date",), ("power", "facility_power", "it_power", "h100e")),
    "chip_quantities": (("name",), ("date",), ("chip",), ("count",)),
}
# Columns that must not be overlooked for a slip or another unit in their name.
_GUARDED = frozenset(
    [
        *("name", "date", "chip", "count", "power", "it_power", "facility_power", "h100e"),
        *("current_power", "current_it_power", "current_facility_power"),
    ]
)
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
NEAR_NAME = 0.85  # share of the letters that two names have in common


@dataclass(slots=True)
class TextTable:
    """One file of a vintage: cells by the meaning of their column, with the line on which each row begins."""

    file: str
    shown: str
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    means: dict[str, str] = field(default_factory=dict)  # the column's own name by its meaning
    not_taken: list[tuple[str, str]] = field(default_factory=list)  # column, reason


def read_vintage_files(folder: Path, problems: list[Problem]) -> dict[str, TextTable]:
    """The three files of a vintage; the table of chip quantities may be missing. Problems of their form are added.

    Raises:
        FileProblem: the folder is none, or a file is missing.
    """
    if not folder.is_dir():
        what = "is a file; expected the folder that holds it, unpacked" if folder.exists() else "does not exist"
        raise FileProblem(f"{folder} {what}")
    found = vintage_files(folder)
    missing = [FILES[name] for name in NEEDED_FILES if name not in found]
    if missing:
        listed = ", ".join(sorted(path.name for path in folder.iterdir())[:5]) or "nothing"
        raise FileProblem(f"the folder {folder} holds no {' and no '.join(missing)}; found {listed}")
    return {name: _read_file(path, name, problems) for name, path in found.items()}


def vintage_files(folder: Path) -> dict[str, Path]:
    """The files of a vintage by their meaning; case, hyphens and the number of a second download do not matter.

    Raises:
        FileProblem: two files have one meaning.
    """
    meanings = {normal_file(file): name for name, file in FILES.items()}
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        name = meanings.get(normal_file(path.name))
        if name in found:
            raise FileProblem(f"{found[name]} and {path.name} are both {FILES[name]}; keep the one that is meant")
        if name:
            found[name] = path
    return {name: found[name] for name in FILES if name in found}


class _NoTable(Exception):
    """A file that is no CSV text: what it is, and the line where that shows."""

    def __init__(self, expected: str, line: int | None = None) -> None:
        """Keep what was found and expected."""
        super().__init__(expected)
        self.line = line


def _read_file(path: Path, name: str, problems: list[Problem]) -> TextTable:
    """One file by declared columns; its problems are added."""
    table = TextTable(name, str(path))
    try:
        _read_cells(_decoded(_content(path)), table, problems)
    except _NoTable as error:
        problems.append(Problem(table.shown, error.line, None, None, str(error)))
    except OSError as error:
        problems.append(Problem(table.shown, None, None, None, f"the file cannot be read: {error.strerror}"))
    return table


def _content(path: Path) -> bytes:
    """The bytes of a regular file of the size of a table."""
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        raise _NoTable("the file is a symbolic link; expected the file itself")
    if not stat.S_ISREG(status.st_mode):
        raise _NoTable("expected a file")
    if status.st_size > (largest := rules()["largest_file_bytes"]):
        raise _NoTable(f"the file has {status.st_size:,} bytes; expected at most {largest:,}")
    return path.read_bytes()


def _decoded(content: bytes) -> str:
    """The text of a file that is CSV by its first bytes."""
    for magic, what in _MAGIC.items():
        if content.startswith(magic):
            raise _NoTable(f"the file is {what}; expected CSV text, so unpack or export it first")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _NoTable("the file is UTF-16; save it as UTF-8", 1)
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise _NoTable(message, line) from None
    if "\0" in text:
        raise _NoTable("a NUL character; expected CSV text", text.count("\n", 0, text.index("\0")) + 1)
    start = text.lstrip()[:200].casefold()
    if start.startswith("<"):
        what = "a web page (HTML)" if "html" in start else "markup"
        raise _NoTable(f"the file is {what}; expected CSV: download the data file itself", 1)
    if start.startswith(("{", "[{")):
        raise _NoTable("the file is JSON; expected CSV", 1)
    if not start:
        raise _NoTable("the file is empty; expected a header and rows", 1)
    return text


def _read_cells(text: str, table: TextTable, problems: list[Problem]) -> None:
    """The header and the rows; lines with another number of fields are problems."""
    limit = csv.field_size_limit(rules()["largest_field_bytes"])
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        header: list[str | None] | None = None
        for row in reader:
            at, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if header is None:
                told = len(problems)
                header = _meanings(row, table, problems)
                if len(problems) > told:
                    return  # rows under a header that is not understood would only echo it
                continue
            if len(row) != len(header):
                expected = f"expected {len(header)} fields as in the header, found {len(row)}"
                problems.append(Problem(table.shown, at, None, None, expected))
                continue
            cells = {mean: cell.strip() for mean, cell in zip(header, row, strict=True) if mean}
            table.rows.append((at, cells))
            if len(table.rows) > rules()["largest_row_count"]:
                problems.append(Problem(table.shown, at, None, None, "more rows than any vintage has"))
                return
    except csv.Error as error:
        problems.append(Problem(table.shown, line, None, None, _form_error(str(error))))
    finally:
        csv.field_size_limit(limit)


def _form_error(message: str) -> str:
    """A plain sentence for what the CSV reader reports."""
    if "field larger" in message:
        return f"a field is longer than {rules()['largest_field_bytes']:,} characters; a quote may not be closed"
    if "unexpected end" in message:
        return "a quote that opens here is never closed"
    return f"the quotes are malformed ({message})"


def _meanings(row: list[str], table: TextTable, problems: list[Problem]) -> list[str | None]:
    """What each column of the header means; none for a column that is not taken."""
    known = columns_of(table.file)
    meanings: list[str | None] = []
    unknown = []
    for name in row:
        declared = known.get(normal_column(name))
        mean = declared["means"] if declared else None
        if mean and mean in table.means:
            problems.append(Problem(table.shown, 1, name, None, f"the column says the same as {table.means[mean]!r}"))
            mean = None
        elif mean:
            table.means[mean] = name
        elif declared:
            table.not_taken.append((name, declared["note"]))
        else:
            unknown.append(name)
        meanings.append(mean or None)
    for name in unknown:
        close = difflib.get_close_matches(normal_column(name), _missing(known, table), n=1, cutoff=NEAR_NAME)
        if close:
            meant = known[close[0]]["column"]
            expected = f"the column is not declared; did you mean {meant!r}? Other units or meanings are not guessed"
            problems.append(Problem(table.shown, 1, name[:60], None, expected))
        else:
            table.not_taken.append((name, "the column is not declared"))
    _require(table, ",".join(row), problems)
    return meanings


def _missing(known: dict[str, dict[str, str]], table: TextTable) -> list[str]:
    """The declared columns of names, days and amounts that the file does not have yet, by normalised name."""
    return [name for name, row in known.items() if row["means"] in _GUARDED and row["means"] not in table.means]


def _require(table: TextTable, header: str, problems: list[Problem]) -> None:
    """Name the columns without which a file says nothing."""
    separator = next((mark for mark in _OTHER_SEPARATORS if header.count(mark) > header.count(",")), None)
    if separator:
        expected = f"the fields are separated by {_OTHER_SEPARATORS[separator]}; expected commas"
        problems.append(Problem(table.shown, 1, None, None, expected))
        return
    for meanings in _NEEDED[table.file]:
        if not any(mean in table.means for mean in meanings):
            names = [row["column"] for row in columns_of(table.file).values() if row["means"] in meanings]
            expected = (
                f"no column of these: {', '.join(names)}; a renamed column is declared in columns.csv, not guessed"
            )
            problems.append(Problem(table.shown, 1, None, None, expected))
