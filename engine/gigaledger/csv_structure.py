"""The form of a CSV file before its values: encoding, line ends, quotes, header, number of fields; all problems at once."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from gigaledger.errors import Problem, did_you_mean

LARGEST_FIELD_BYTES = 131_072


@dataclass(slots=True)
class CsvText:
    """The rows of a file that can be read, with the line on which each begins, and every problem of its form."""

    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_csv_text(path: Path, shown: str, columns: tuple[str, ...]) -> CsvText:
    """The rows of one CSV file and the problems of its form.

    Args:
        path: the file.
        shown: its name as the user knows it, for the problems.
        columns: the columns that it must have, in any order.

    Returns:
        Rows of as many fields as the header has; malformed rows are left out and named in the problems.
    """
    result = CsvText()
    text = _decoded(path, shown, result.problems)
    if text is None:
        return result
    if not text.strip():
        result.problems.append(Problem(shown, 1, None, None, f"the file is empty; expected the header {','.join(columns)}"))
        return result
    _read_rows(text, shown, result)
    _check_header(result, shown, columns)
    return result


def _decoded(path: Path, shown: str, problems: list[Problem]) -> str | None:
    """The text of the file with line feeds, or nothing when it cannot be read at all."""
    try:
        content = path.read_bytes()
    except OSError as error:
        problems.append(Problem(shown, None, None, None, f"the file cannot be read: {error.strerror}"))
        return None
    if content.startswith(b"\xef\xbb\xbf"):
        problems.append(Problem(shown, 1, None, None, "the file begins with a byte order mark; save it as UTF-8 without BOM"))
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
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            result.problems.append(Problem(shown, line, None, None, _form_error(str(error))))
            return
        if not result.header:
            result.header = row
        elif len(row) == len(result.header):
            result.rows.append(row)
            result.lines.append(line)
        elif row:
            expected = f"expected {len(result.header)} fields, found {len(row)}"
            result.problems.append(Problem(shown, line, None, None, expected))
        else:
            result.problems.append(Problem(shown, line, None, None, "the line is empty; remove it"))
        line = reader.line_num + 1


def _form_error(message: str) -> str:
    """A plain sentence for what the CSV reader reports."""
    if "unexpected end of data" in message:
        return "a quote that opens here is never closed"
    if "field larger" in message:
        return f"a field is longer than {LARGEST_FIELD_BYTES:,} characters; a quote may not be closed"
    return f'the quotes are malformed ({message}); a quote inside a quoted field is written ""'


def _check_header(result: CsvText, shown: str, columns: tuple[str, ...]) -> None:
    """Name every missing, unknown and repeated column."""
    for column in columns:
        if column not in result.header:
            result.problems.append(Problem(shown, 1, column, None, "the column is missing"))
    for position, column in enumerate(result.header):
        if column in result.header[:position]:
            result.problems.append(Problem(shown, 1, column, None, "the column stands twice"))
        elif column not in columns:
            hint = did_you_mean(column, [name for name in columns if name not in result.header])
            result.problems.append(Problem(shown, 1, column, None, f"the column is not known{hint}"))
