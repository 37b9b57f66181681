"""Large CSV files of a plain form, read by DuckDB; whatever is in doubt is left to the reader that explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from gigaledger.csv_structure import LARGEST_FIELD_BYTES

if TYPE_CHECKING:
    from pathlib import Path

# Below this the reader that explains takes no longer than a tenth of a second.
LARGE_FILE_BYTES = 1_000_000


def store_plain_csv(
    connection: duckdb.DuckDBPyConnection, path: Path, columns: tuple[str, ...], origin: tuple[str, bool, bool]
) -> bool:
    """Append the texts of a large file to `raw_text`, if its form is beyond doubt.

    Beyond doubt: UTF-8 with LF line ends, the columns of the table and no others, one line a row, every row of as many
    fields, no quote inside a field. Then DuckDB reads what `csv_structure` would, ten times as fast.

    Args:
        connection: a connection with the table `raw_text`.
        path: the file.
        columns: the columns that it must have, in any order.
        origin: the name of the file as the user knows it, whether it is of the bundled ledger, and whether it stands in
            for one that the user's folder lacks.

    Returns:
        Whether the rows were stored; if not, nothing was.
    """
    form = _plain_form(path, columns)
    if form is None:
        return False
    header, line_count, comma_count = form
    types = ", ".join(f"'{column}': 'varchar'" for column in header)
    texts = ", ".join(f"nullif({column}, '') as {column}" for column in columns)
    has_quote = " or ".join(f"contains({column}, '\"')" for column in columns)
    commas = " + ".join(f"coalesce(len({column}) - len(replace({column}, ',', '')), 0)" for column in columns)
    try:
        connection.execute(_READ.format(texts=texts, types=types), [str(path)])
        counts = connection.execute(
            f"select count(*), count(*) filter ({has_quote}), coalesce(sum({commas}), 0) from plain_csv"
        ).fetchall()
        # A row may have a field too many where that is empty, which DuckDB passes over.
        inner_commas = comma_count - line_count * (len(columns) - 1)
        is_stored = counts == [(line_count - 1, 0, inner_commas)]
        if is_stored:
            connection.execute(
                f"insert into raw_text select $1, _line, $2, $3, {', '.join(columns)} from plain_csv",
                list(origin),
            )
    except duckdb.Error:  # a row of another number of fields, an unclosed quote, a byte that is not UTF-8
        return False
    finally:
        connection.execute("drop table if exists plain_csv")
    return is_stored


_READ = f"""
create or replace temp table plain_csv as
select (row_number() over () + 1)::integer as _line, {{texts}}
from read_csv(
    $1, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"', new_line = '\\n', nullstr = '',
    strict_mode = true, null_padding = false, ignore_errors = false, auto_detect = false,
    max_line_size = {LARGEST_FIELD_BYTES}, columns = {{{{{{types}}}}}}
)
"""


def _plain_form(path: Path, columns: tuple[str, ...]) -> tuple[list[str], int, int] | None:
    """Header, number of lines and number of commas of a large file whose bytes and header are as expected."""
    try:
        if path.stat().st_size < LARGE_FILE_BYTES:
            return None
        content = path.read_bytes()
    except OSError:
        return None
    header = content[: content.find(b"\n")].split(b",")
    if sorted(header) != sorted(column.encode() for column in columns) or b"\r" in content or b"\0" in content:
        return None
    line_count = content.count(b"\n") + (not content.endswith(b"\n"))
    return [column.decode() for column in header], line_count, content.count(b",")
