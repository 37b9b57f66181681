"""A large file is read by another reader; the tables and the problems are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from gigaledger import csv_large, datasets
from gigaledger.datasets import Layer
from gigaledger.schema import tables
from ledgers import write_ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gigaledger.errors import Problem

# What is done to milestone.csv, and whether the quick reader may take the file.
END = b"press-2026,\n"
CHANGES: dict[str, tuple[Callable[[bytes], bytes], bool]] = {
    "none": (lambda text: text, True),
    "no line feed at the end": (lambda text: text.rstrip(b"\n"), True),
    "columns in another order": (
        lambda text: b"".join(b",".join(reversed(line.split(b","))) + b"\n" for line in text.splitlines()),
        True,
    ),
    "quoted comma": (lambda text: text.replace(END, b'press-2026,"page 3, below"\n', 1), True),
    "empty quoted field": (lambda text: text.replace(END, b'press-2026,""\n', 1), True),
    "spaces": (lambda text: text.replace(b"north.first", b" north.first "), True),
    "no number": (lambda text: text.replace(b",100,", b",a hundred,"), True),
    "quote in a field": (lambda text: text.replace(b"north.first", b'north."first"'), False),
    "doubled quote": (lambda text: text.replace(END, b'press-2026,"the ""first"" page"\n', 1), False),
    "line feed in a field": (lambda text: text.replace(END, b'press-2026,"page 3\nbelow"\n', 1), False),
    "open quote": (lambda text: text.replace(END, b'press-2026,"page 3\n', 1), False),
    "empty line": (lambda text: text.replace(b"\nnorth.planned", b"\n\nnorth.planned"), False),
    "empty line at the end": (lambda text: text + b"\n", False),
    "an empty field too many": (lambda text: text.replace(END, b"press-2026,,\n", 1), False),
    "a field too many": (lambda text: text.replace(END, b"press-2026,,x\n", 1), False),
    "a field too few": (lambda text: text.replace(END, b"press-2026\n", 1), False),
    "one too many and one too few": (
        lambda text: text.replace(END, b"press-2026,,\n", 1).replace(END, b"press-2026\n", 1),
        False,
    ),
    "carriage returns": (lambda text: text.replace(b"\n", b"\r\n"), False),
    "byte order mark": (lambda text: b"\xef\xbb\xbf" + text, False),
    "no UTF-8": (lambda text: text.replace(b"north.first", b"north\xfffirst"), False),
    "NUL": (lambda text: text.replace(b"north.first", b"north\0first"), False),
    "unknown column": (lambda text: text.replace(b"locator", b"location"), False),
    "a long field": (lambda text: text.replace(b"north.first", b"north" * 40_000), False),
    "no rows": (lambda text: text[: text.index(b"\n") + 1], True),
    "empty": (lambda _text: b"", False),
}


def stored(folder: Path) -> tuple[list[tuple[object, ...]], list[Problem], bool]:
    """The raw rows of milestone.csv, the problems of its form, and whether it could be read whole."""
    connection = duckdb.connect()
    connection.execute("create schema input")
    layer = Layer(folder, "ledger/", is_bundled=False)
    problems, is_whole = datasets._store_raw(connection, tables()["milestone"], [layer])
    return connection.execute("from raw_text").fetchall(), problems, is_whole


@pytest.mark.parametrize("change", CHANGES)
def test_both_readers_agree(change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_ledger(tmp_path / "ledger") / "milestone.csv"
    edit, is_plain = CHANGES[change]
    path.write_bytes(edit(path.read_bytes()))
    careful = stored(path.parent)
    assert careful[0] or careful[1] or change == "no rows"
    taken = []

    def store(*arguments: Any) -> bool:
        taken.append(csv_large.store_plain_csv(*arguments))
        return taken[-1]

    monkeypatch.setattr(csv_large, "LARGE_FILE_BYTES", 0)
    monkeypatch.setattr(datasets, "store_plain_csv", store)
    assert stored(path.parent) == careful
    assert taken == [is_plain]
