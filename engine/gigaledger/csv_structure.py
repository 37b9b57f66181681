"""The form of a CSV file before its values: encoding, line ends, quotes, header, number of fields; all problems."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gigaledger.errors import Problem, did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_FIELD_BYTES = 131_072


@dataclass(slots=True)
class CsvText:
    """The rows of a file that can be read, with the line on which each begins, and every problem of its form.

    `is_whole` is false when rows or columns could not be read: what seems to be missing may stand in them. `shown` is
    the name of the file, or of the sheet, as the user knows it.
    """

    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    is_whole: bool = True
    shown: str = ""


def read_csv_text(path: Path, shown: str, columns: tuple[str, ...]) -> CsvText:
    """The rows of one CSV file and the problems of its form.

    Args:
        path: the file.
        shown: its name as the user knows it, for the problems.
        columns: the columns that it must have, in any order.

    Returns:
        Rows of as many fields as the header has; malformed rows are left out and named in the problems.
    """
    result = CsvText(shown=shown)
    text = _decoded(path, shown, result.problems)
    if text is None:
        result.is_whole = False
        return result
    if not text.strip():
        expected = f"the file is empty; expected the header {','.join(columns)}"
        result.problems.append(Problem(shown, 1, None, None, expected))
        result.is_whole = False
        return result
    _read_rows(text, shown, result)
    check_header(result, shown, columns)
    return result


def _decoded(path: Path, shown: str, problems: list[Problem]) -> str | None:
    """The text of the file with line feeds, or nothing when it cannot be read at all."""
    if path.exists() and not path.is_file():
        problems.append(Problem(shown, None, None, None, "expected a file, found a folder, a pipe or a device"))
        return None
    try:
        content = path.read_bytes()
    except OSError as error:
        problems.append(Problem(shown, None, None, None, f"the file cannot be read: {error.strerror}"))
        return None
    if content.startswith(b"\xef\xbb\xbf"):
        expected = "the file begins with a byte order mark; save it as UTF-8 without BOM"
        problems.append(Problem(shown, 1, None, None, expected))
        content = content[3:]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = content[error.start : error.start + 1].hex()
        problems.append(Problem(shown, line, None, None, f"byte 0x{found} is not UTF-8; save the file as UTF-8"))
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        problems.append(Problem(shown, line, None, None, "the file holds a NUL character; save it as UTF-8 text"))
        return None
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        problems.append(Problem(shown, line, None, None, "the line ends with CR; save the file with LF line ends"))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _read_rows(text: str, shown: str, result: CsvText) -> None:
    """Read the header and all rows with as many fields as the header has."""
    csv.field_size_limit(LARGEST_FIELD_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    raw = text.split("\n")
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            result.problems.append(Problem(shown, line, None, None, _form_error(str(error))))
            result.is_whole = False
            return
        if not row:
            result.problems.append(Problem(shown, line, None, None, "the line is empty; remove it"))
        elif not result.header:
            result.header = row
        elif len(row) == len(result.header):
            result.rows.append(row)
            result.lines.append(line)
            result.problems += _stray_quotes(
                row, "\n".join(raw[line - 1 : reader.line_num]), result.header, shown, line
            )
        else:
            expected = f"expected {len(result.header)} fields, found {len(row)}"
            result.problems.append(Problem(shown, line, None, None, expected))
            result.is_whole = False
        line = reader.line_num + 1


def _stray_quotes(row: list[str], raw: str, header: list[str], shown: str, line: int) -> list[Problem]:
    """The fields that hold a quote but are not quoted themselves, which the CSV reader takes as they are."""
    return [
        Problem(shown, line, column, value, 'a quote stands in a field without quotes around it; write "a ""b"" c"')
        for column, value in zip(header, row, strict=True)
        if '"' in value and '"{}"'.format(value.replace('"', '""')) not in raw
    ]


def _form_error(message: str) -> str:
    """A plain sentence for what the CSV reader reports."""
    if "unexpected end of data" in message:
        return "a quote that opens here is never closed"
    if "field larger" in message:
        return f"a field is longer than {LARGEST_FIELD_BYTES:,} characters; a quote may not be closed"
    return f'the quotes are malformed ({message}); a quote inside a quoted field is written ""'


def check_header(result: CsvText, shown: str, columns: tuple[str, ...]) -> None:
    """Name every missing, unknown and repeated column."""
    missing = [column for column in columns if column not in result.header]
    for column in missing:
        result.problems.append(Problem(shown, 1, column, None, "the column is missing"))
        result.is_whole = False
    for position, column in enumerate(result.header):
        name, value = (column, None) if re.fullmatch(r"[\w .-]{1,60}", column) else (None, column)
        if column in result.header[:position]:
            result.problems.append(Problem(shown, 1, name, value, "the column stands twice"))
        elif column not in columns:
            hint = did_you_mean(column, missing)
            result.problems.append(Problem(shown, 1, name, value, f"the column is not known{hint}"))
