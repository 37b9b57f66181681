"""Mechanical mends of a user's CSV files: what can be meant in one way only; everything else is left for the user.

Mended: byte order mark, line ends, semicolons as separators, empty lines, blanks around values, the case of columns, of
values of a list and of codes, decimal commas and thousands separators, dates that can be read in one way, words for
unknown, identical rows, the order of rows.
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gigaledger.csv_structure import LARGEST_FIELD_BYTES
from gigaledger.errors import FileProblem
from gigaledger.folder import locked, write_texts
from gigaledger.schema import fact_tables, tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gigaledger.schema import Field, Table

_UNKNOWN = frozenset(["n/a", "na", "#n/a", "null", "none", "nan", "-", "–", "—", "?", "unknown", "tbd", "n.a."])
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00:00)?)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_NAMED = re.compile(r"(?:(\d{1,2})\.? ([A-Za-z]{3,9})\.?,? (\d{4}))|(?:([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4}))")
_BLANKS = " \t\u00a0\u2007\u202f\ufeff"


@dataclass(slots=True)
class Mend:
    """One file as it would be: its old and new text, and what was mended how often."""

    path: Path
    before: str
    after: str
    counts: Counter[str] = field(default_factory=Counter)
    left: str = ""

    def diff(self) -> str:
        """The unified diff of the lines; line ends and byte order marks are told by the counts."""
        old, new = (text.replace("\r\n", "\n").replace("\r", "\n").splitlines() for text in (self.before, self.after))
        lines = difflib.unified_diff(old, new, str(self.path), str(self.path), lineterm="", n=1)
        return "\n".join(lines)


def mends_of(folder: Path) -> list[Mend]:
    """The files of a folder that can be mended, and those that cannot be read."""
    mends = [_mend(folder / table.path, table) for table in fact_tables() if (folder / table.path).is_file()]
    return [mend for mend in mends if mend.counts or mend.left]


def write_mends(folder: Path, mends: list[Mend]) -> None:
    """Write the mended files, each whole; files that have changed since are not written.

    Raises:
        FileProblem: a file has changed since it was read, or the folder cannot be written.
    """
    with locked(folder):
        for mend in mends:
            if mend.path.read_bytes() != mend.before.encode("utf-8"):
                raise FileProblem(f"{mend.path} has changed since it was read; look at the changes again")
        write_texts(folder, {mend.path.name: mend.after for mend in mends}, is_checked=False)


def _mend(path: Path, table: Table) -> Mend:
    """One file with everything mended that can be meant in one way only."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return Mend(path, "", "", left="not UTF-8: which encoding it has cannot be told for sure")
    mend = Mend(path, text, text)
    if text.startswith("\ufeff"):
        mend.counts["byte order mark removed"] += 1
    if "\r" in text:
        mend.counts["line ends changed to LF"] += len(re.findall(r"\r\n?", text))
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if plain and not plain.endswith("\n"):
        mend.counts["last line ended"] += 1
    csv.field_size_limit(LARGEST_FIELD_BYTES)
    try:
        rows = list(csv.reader(io.StringIO(plain, newline=""), delimiter=_separator(plain, table, mend), strict=True))
    except csv.Error as error:
        return Mend(path, text, text, left=f"the quotes are malformed ({error}), which is for you to mend")
    mended = _mended_rows(rows, table, mend)
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(mended)
    if mend.counts:
        mend.after = buffer.getvalue()
    return mend


def _separator(text: str, table: Table, mend: Mend) -> str:
    """What separates the fields: a semicolon or a tab where the header has it between columns of the table."""
    header = text.split("\n", 1)[0]
    for separator, name in ((";", "semicolons"), ("\t", "tabs")):
        cells = [cell.strip().strip('"').casefold() for cell in header.split(separator)]
        if len(cells) > 1 and sum(cell in table.columns for cell in cells) > len(cells) / 2:
            mend.counts[f"{name} changed to commas"] += 1
            return separator
    return ","


def _mended_rows(rows: list[list[str]], table: Table, mend: Mend) -> list[list[str]]:
    """The header and the rows, mended, each once and in order."""
    kept = [row for row in rows if any(cell.strip(_BLANKS) for cell in row)]
    if len(kept) < len(rows):
        mend.counts["empty line removed"] += len(rows) - len(kept)
    if not kept:
        return kept
    header = [_column(name, table, mend) for name in kept[0]]
    fields = {one.name: one for one in table.fields}
    body = [
        [_cell(cell, fields.get(name), mend) for name, cell in zip(header, row, strict=True)]
        if len(row) == len(header)
        else row
        for row in kept[1:]
    ]
    unique = list(dict.fromkeys(map(tuple, body)))
    if len(unique) < len(body):
        mend.counts["identical row removed"] += len(body) - len(unique)
    return [header, *_sorted(unique, header, table, mend)]


def _sorted(rows: list[tuple[str, ...]], header: list[str], table: Table, mend: Mend) -> list[list[str]]:
    """The rows in the order of their key, where every row has one."""
    places = [header.index(name) for name in table.primary_key if name in header]
    if len(places) < len(table.primary_key) or any(len(row) != len(header) for row in rows):
        return [list(row) for row in rows]
    ordered = sorted(rows, key=lambda row: [row[place] for place in places])
    if ordered != rows:
        mend.counts["rows sorted by key"] += 1
    return [list(row) for row in ordered]


def _column(name: str, table: Table, mend: Mend) -> str:
    """The name of a column without blanks and in its case."""
    plain = re.sub(r"[\s-]+", "_", name.strip(_BLANKS).casefold())
    if name != plain and plain in table.columns:
        mend.counts["column name written as declared"] += 1
        return plain
    return name


def _cell(cell: str, column: Field | None, mend: Mend) -> str:
    """One value, mended."""
    value = cell.strip(_BLANKS)
    if value != cell:
        mend.counts["blanks around a value removed"] += 1
    if column is None or not value:
        return value
    for what, change in _changes(column):
        changed = change(value)
        if changed is not None and changed != value:
            mend.counts[what] += 1
            return changed
    return value


def _changes(column: Field) -> list[tuple[str, Callable[[str], str | None]]]:
    """The changes that a value of a column may need, in the order in which they are tried."""
    found: list[tuple[str, Callable[[str], str | None]]] = []
    if column.type != "string" or column.enum:
        found.append(("word for unknown removed", lambda value: "" if value.casefold() in _UNKNOWN else None))
    else:
        found.append(
            ("word for unknown removed", lambda value: "" if value.casefold() in ("n/a", "#n/a", "null") else None)
        )
    if column.type in ("number", "integer"):
        found.append(("number written with a point", plain_number))
    if column.type == "date":
        found.append(("date written as YYYY-MM-DD", iso_date))
    if column.enum:
        found.append(("value written as in its list", lambda value: _listed(value, column.enum)))
    if column.name == "measure":
        found.append(("value written as in its list", lambda value: _listed(value, _measures())))
    if column.pattern in ("[A-Z]{2}", "[A-Z0-9]{2,3}"):
        found.append(("code written in capitals", lambda value: value.upper() if len(value) <= 3 else None))  # noqa: PLR2004 - a code
    return found


def _measures() -> tuple[str, ...]:
    """The measures of the vocabulary."""
    from gigaledger.folder import read_rows
    from gigaledger.paths import datasets_folder

    table = tables()["measure"]
    return tuple(read_rows(datasets_folder() / table.path, table.columns, table.primary_key))


def _listed(value: str, known: tuple[str, ...]) -> str | None:
    """The value of a list that differs in case, blanks and hyphens only."""
    plain = re.sub(r"[\s-]+", "_", value.casefold())
    return plain if plain in known else None


def plain_number(text: str) -> str | None:
    """A number with a point and without separators, where it can be read in one way only; `1,234` can be read in two.

    >>> plain_number("1.234,5"), plain_number("1,234,567"), plain_number("12,5"), plain_number("1,234")
    ('1234.5', '1234567', '12.5', None)
    """
    sign = "-" if text.startswith(("-", "−")) else ""
    body = re.sub(r"(?<=\d)[ \u00a0\u2007\u202f'’_](?=\d{3})", "", text.lstrip("-−+"))
    if re.fullmatch(r"\d{1,3}(,\d{3})+\.\d+", body) or re.fullmatch(r"\d{1,3}(,\d{3}){2,}", body):
        return sign + body.replace(",", "")
    if re.fullmatch(r"\d{1,3}(\.\d{3})+,\d+", body) or re.fullmatch(r"\d{1,3}(\.\d{3}){2,}", body):
        return sign + body.replace(".", "").replace(",", ".")
    if re.fullmatch(r"\d+,(\d{1,2}|\d{4,})", body) or re.fullmatch(r"0,\d+", body):
        return sign + body.replace(",", ".")
    return sign + body if body != text and re.fullmatch(r"\d+(\.\d+)?", body) else None


def iso_date(text: str) -> str | None:
    """A date as YYYY-MM-DD, where it can be read in one way only; `03/04/2026` can be read in two.

    >>> (
    ...     iso_date("2026/1/5"),
    ...     iso_date("31.12.2026"),
    ...     iso_date("12/31/2026"),
    ...     iso_date("5 Jan 2026"),
    ...     iso_date("03/04/2026"),
    ... )
    ('2026-01-05', '2026-12-31', '2026-12-31', '2026-01-05', None)
    """
    if found := _YEAR_FIRST.fullmatch(text):
        return _date(found[1], found[2], found[3])
    if re.fullmatch(r"(19|20)\d{6}", text):
        return _date(text[:4], text[4:6], text[6:])
    if found := _YEAR_LAST.fullmatch(text):
        first, separator, second, year = found.groups()
        if separator == "." or int(first) > 12 or first == second:  # noqa: PLR2004 - no month; with points the day is first
            return _date(year, second, first)
        return _date(year, first, second) if int(second) > 12 else None  # noqa: PLR2004 - no month
    if found := _NAMED.fullmatch(text):
        day, month, year = (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
        place = [one for one, name in enumerate(_MONTHS, start=1) if month.casefold().startswith(name)]
        return _date(year, str(place[0]), day) if place else None
    return None


def _date(year: str, month: str, day: str) -> str | None:
    """The date, if there is such a day."""
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
