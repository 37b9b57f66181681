"""Sheets of a workbook: a title, headings with units that stay in view, filters, and cells of one kind a column."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

HEADING_ROW = 3
LABELS = {
    "pledged": "Pledged",
    "operational": "Operational",
    "under_construction": "Under construction",
    "planned": "Planned",
    "unidentified": "Unidentified",
}
_STATISTIC_LABELS = {"mean": "mean", "p05": "5 %", "p50": "median", "p95": "95 %"}
_LONGEST_TEXT = 32_767  # characters of a cell
_LONGEST_LINK = 2_079
_LINK = re.compile(r"https?://[^\s\"<>]+")
_NUMBER_FORMATS = {
    "amount": "#,##0.0",
    "count": "#,##0",
    "dollars": '#,##0.00,,,"B"',
    "any": "General",
    "share": "0.0%",
    "degree": "0.0000",
    "date": "yyyy-mm-dd",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the dictionary, the heading, the kind of its cells, its width [character]."""

    name: str
    heading: str
    kind: str = "text"
    width: float = 16


class Styles:
    """The formats of a workbook's cells."""

    def __init__(self, workbook: Workbook) -> None:
        """Make every format once."""
        font = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        self.title = workbook.add_format({**font, "bold": True, "font_size": 14})
        self.note = workbook.add_format({**font, "font_color": "#555555"})
        self.heading = workbook.add_format(
            {**font, "bold": True, "text_wrap": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "border": 1}
        )
        self.text = workbook.add_format(font)
        self.wrapped = workbook.add_format({**font, "text_wrap": True})
        self.link = workbook.add_format({**font, "font_color": "#0B57D0", "underline": 1})
        self.good = workbook.add_format({"font_color": "#137333"})
        self.bad = workbook.add_format({"font_color": "#FFFFFF", "bg_color": "#B3261E", "bold": True})
        self._numbers = {
            kind: workbook.add_format({**font, "num_format": text}) for kind, text in _NUMBER_FORMATS.items()
        }

    def of(self, kind: str) -> Format:
        """The format of cells of a kind."""
        return self._numbers.get(kind, self.text)


def add_sheet(  # noqa: PLR0913, PLR0917 - one sheet in one call
    workbook: Workbook,
    styles: Styles,
    name: str,
    title: str,
    note: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Any]],
) -> Worksheet:
    """Add a sheet: title and note above, headings frozen with the first column, a filter on every column.

    A row holds one value a column; None leaves the cell empty. Text is written as text, whatever it begins with.
    """
    sheet = workbook.add_worksheet(name)
    write_text(sheet, 0, 0, title, styles.title)
    write_text(sheet, 1, 0, note, styles.note)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        write_text(sheet, HEADING_ROW, place, column.heading, styles.heading)
    sheet.set_row(HEADING_ROW, 62)
    for number, row in enumerate(rows, start=HEADING_ROW + 1):
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            write_cell(sheet, number, place, value, column.kind, styles)
    sheet.freeze_panes(HEADING_ROW + 1, 1)
    sheet.autofilter(HEADING_ROW, 0, HEADING_ROW + max(len(rows), 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADING_ROW)
    return sheet


def write_cell(sheet: Worksheet, row: int, place: int, value: Any, kind: str, styles: Styles) -> None:  # noqa: PLR0913, PLR0917 - one cell
    """Write one value by the kind of its column."""
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, place, value, styles.text)
        case int() | float():
            sheet.write_number(row, place, value, styles.of(kind))
        case dt.date():
            sheet.write_datetime(row, place, dt.datetime.combine(value, dt.time()), styles.of("date"))
        case str() if kind == "link" and _LINK.fullmatch(value) and len(value) <= _LONGEST_LINK:
            sheet.write_url(row, place, value, styles.link, value)
        case _:
            write_text(sheet, row, place, str(value), styles.wrapped if kind == "wrapped" else styles.text)


def write_text(sheet: Worksheet, row: int, place: int, text: str, style: Format) -> None:
    """Write a text as a text: never a formula, a number or a link, and cut where a cell can hold no more."""
    sheet.write_string(row, place, text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…", style)


def amount_column(account: str, statistic: str, unit: str, kind: str) -> Column:
    """A column of one statistic of one account."""
    return Column(f"{account}_{statistic}", f"{LABELS[account]}, {_STATISTIC_LABELS[statistic]} [{unit}]", kind)
