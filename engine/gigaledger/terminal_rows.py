"""Rows of a user's query for a terminal: a table, or record after record where the columns do not fit side by side."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.markup import escape
from rich.rule import Rule
from rich.table import Table

from gigaledger.terminal import console

if TYPE_CHECKING:
    from collections.abc import Sequence

# A longer text is folded inside its column; a shorter one stays on one line.
_FOLDED = 32
_DIGITS = 6


def print_rows(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print the rows of a query, numbers to six digits (`--json` gives them whole)."""
    out = console()
    texts = [[_text(value) for value in row] for row in rows]
    if _fits(names, texts, out.width):
        out.print(_side_by_side(names, rows, texts))
        return
    for number, row in enumerate(texts, start=1):
        out.print(Rule(f"row {number}", align="left", style="dim"))
        out.print(_record(names, row))


def _fits(names: Sequence[str], texts: list[list[str]], width: int) -> bool:
    """Whether every column, folded where it is long, finds its place in a line."""
    columns = [max(map(cell_len, column)) for column in zip(names, *texts, strict=True)]
    return 1 + sum(min(column, _FOLDED) + 3 for column in columns) <= width


def _side_by_side(names: Sequence[str], rows: Sequence[Sequence[Any]], texts: list[list[str]]) -> Table:
    table = Table()
    for number, name in enumerate(names):
        is_numeric = any(isinstance(row[number], int | float) for row in rows)
        table.add_column(escape(name), overflow="fold", justify="right" if is_numeric else "left")
    for row in texts:
        table.add_row(*map(escape, row))
    return table


def _record(names: Sequence[str], row: list[str]) -> Table:
    table = Table.grid("name", "value", padding=(0, 2, 0, 0))
    table.columns[0].no_wrap = True
    table.columns[1].overflow = "fold"
    for name, text in zip(names, row, strict=True):
        table.add_row(escape(name), escape(text))
    return table


def _text(value: object) -> str:
    """One value as text; nothing for null."""
    if value is None:
        return ""
    if not isinstance(value, float) or not math.isfinite(value):
        return str(value)
    size = math.floor(math.log10(abs(value))) if value else 0
    if not -_DIGITS < size < 15:  # noqa: PLR2004 - beyond these, digits hide the size
        return f"{value:.{_DIGITS}g}"
    text = f"{value:,.{max(0, _DIGITS - 1 - size)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
