"""A vintage as typed rows: sites, readings of their timelines, counts of chips; what cannot be typed is refused."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gigaledger.errors import DatasetProblems, Problem
from gigaledger.sources.epoch.reading import TextTable, read_vintage_files
from gigaledger.sources.epoch.rules import normal_name

if TYPE_CHECKING:
    from pathlib import Path

_NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?([eE][+-]?\d+)?")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}.*)?")
_DEGREES = re.compile(r"(\d{1,3})°\s*(?:(\d{1,2})['′’]\s*)?(?:(\d{1,2}(?:\.\d+)?)[\"″”]\s*)?([NSEW])", re.IGNORECASE)
FIRST_DATE, LAST_DATE = dt.date(1990, 1, 1), dt.date(2100, 1, 1)
LARGEST_AMOUNT = 1e30


@dataclass(slots=True)
class SiteRow:
    """One row of the site table."""

    line: int
    name: str
    handle: str
    owner: str
    users: str
    project: str
    address: str
    country: str
    latitude: float | None
    longitude: float | None
    power: dict[str, float]  # current power by meaning: current_power, current_it_power, current_facility_power


@dataclass(slots=True)
class Reading:
    """One row of a timeline: what a site has in service from a day on, by the meaning of its column."""

    line: int
    name: str
    on: dt.date
    status: str
    buildings: str
    amounts: dict[str, float]


@dataclass(slots=True)
class ChipCount:
    """One row of the chip table: chips of a type at a site from a day on, cumulative."""

    line: int
    name: str
    on: dt.date
    chip: str
    count: float
    users: str
    basis: str


@dataclass(slots=True)
class Vintage:
    """What the files of one day say, typed, before anything is decided about it."""

    sites: list[SiteRow] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    chips: list[ChipCount] = field(default_factory=list)
    tables: dict[str, TextTable] = field(default_factory=dict)
    set_aside: list[dict[str, object]] = field(default_factory=list)
    odd_coordinates: list[Problem] = field(default_factory=list)

    def leave(self, table: str, line: int, what: str, why: str) -> None:
        """Note a row that is not taken, and why."""
        self.set_aside.append({"file": self.tables[table].shown, "line": line, "what": what, "why": why})


AMOUNTS = ("power", "facility_power", "it_power", "h100e", "operations_8bit", "operations_16bit")
CURRENT = ("current_power", "current_it_power", "current_facility_power")


def read_vintage(folder: Path) -> Vintage:
    """The rows of a vintage's files.

    Raises:
        DatasetProblems: every cell of every file that is not what its column holds.
    """
    problems: list[Problem] = []
    vintage = Vintage(tables=read_vintage_files(folder, problems))
    for line, cells in vintage.tables["data_centers"].rows:
        _read_site(vintage, line, cells, problems)
    for line, cells in vintage.tables["timelines"].rows:
        _read_reading(vintage, line, cells, problems)
    for line, cells in vintage.tables["chip_quantities"].rows if "chip_quantities" in vintage.tables else ():
        _read_chip_count(vintage, line, cells, problems)
    _judge_coordinates(vintage, problems)
    if not vintage.readings and not problems:
        problems.append(Problem(vintage.tables["timelines"].shown, None, None, None, "expected rows with a date"))
    if problems:
        raise DatasetProblems(problems)
    return vintage


def _judge_coordinates(vintage: Vintage, problems: list[Problem]) -> None:
    """Single coordinates that cannot be read are left empty; where most cannot, the columns are not what they say."""
    read = sum((site.latitude is not None) + (site.longitude is not None) for site in vintage.sites)
    if len(vintage.odd_coordinates) > read:
        problems += vintage.odd_coordinates
        return
    for one in vintage.odd_coordinates:
        vintage.leave("data_centers", one.line or 0, f"{one.column} {one.value!r}", one.expected)


def _read_site(vintage: Vintage, line: int, cells: dict[str, str], problems: list[Problem]) -> None:
    """One row of the site table."""
    cell = _Cells(vintage.tables["data_centers"], line, cells, problems)
    name = cells.get("name") or cells.get("handle") or ""
    if not name:
        vintage.leave("data_centers", line, "", "the site has no name")
        return
    if before := next((site for site in vintage.sites if normal_name(site.name) == normal_name(name)), None):
        vintage.leave("data_centers", line, name, f"the site stands on line {before.line} already")
        return
    vintage.sites.append(
        SiteRow(
            line,
            name,
            cells.get("handle", ""),
            cells.get("owner", ""),
            cells.get("users", ""),
            cells.get("project", ""),
            cells.get("address", ""),
            cells.get("country", ""),
            cell.degrees("latitude", "NS", 90, vintage.odd_coordinates),
            cell.degrees("longitude", "EW", 180, vintage.odd_coordinates),
            {mean: amount for mean in CURRENT if (amount := cell.amount(mean)) is not None},
        )
    )


def _read_reading(vintage: Vintage, line: int, cells: dict[str, str], problems: list[Problem]) -> None:
    """One row of the timelines."""
    cell = _Cells(vintage.tables["timelines"], line, cells, problems)
    name = cells["name"]
    if not name or not cells["date"]:
        what = "site" if not name else "date"
        vintage.leave("timelines", line, name or cells["date"], f"the row names no {what}")
        return
    on = cell.date("date")
    amounts = {mean: amount for mean in AMOUNTS if (amount := cell.amount(mean)) is not None}
    if on is not None:
        vintage.readings.append(Reading(line, name, on, cells.get("status", ""), cells.get("buildings", ""), amounts))


def _read_chip_count(vintage: Vintage, line: int, cells: dict[str, str], problems: list[Problem]) -> None:
    """One row of the chip table."""
    cell = _Cells(vintage.tables["chip_quantities"], line, cells, problems)
    missing = [mean for mean in ("name", "date", "chip", "count") if not cells[mean]]
    if missing:
        what = " ".join(cells[mean] for mean in ("chip", "name", "date") if cells[mean])
        words = {"name": "site", "count": "number of units"}
        named = ", ".join(words.get(mean, mean) for mean in missing)
        vintage.leave("chip_quantities", line, what, f"the row names no {named}")
        return
    on, count = cell.date("date"), cell.amount("count")
    if on is not None and count is not None:
        basis = ", ".join(
            f"{what} {cells[mean].casefold()}"
            for mean, what in (("count_source", "count"), ("chip_source", "type"))
            if cells.get(mean)
        )
        vintage.chips.append(ChipCount(line, cells["name"], on, cells["chip"], count, cells.get("users", ""), basis))


@dataclass(slots=True)
class _Cells:
    """The cells of one row, typed; what cannot be typed becomes a problem with file, line and column."""

    table: TextTable
    line: int
    cells: dict[str, str]
    problems: list[Problem]

    def amount(self, mean: str) -> float | None:
        """A number of 0 or more, or nothing where the cell is empty."""
        text = self.cells.get(mean, "")
        if not text:
            return None
        if not _NUMBER.fullmatch(text) or not any(letter.isdigit() for letter in text):
            self._refuse(mean, text, "expected a number")
            return None
        amount = float(text.replace(",", ""))
        if not math.isfinite(amount) or amount < 0 or amount > LARGEST_AMOUNT:
            self._refuse(mean, text, f"expected a number from 0 to {LARGEST_AMOUNT:g}")
            return None
        return amount

    def date(self, mean: str) -> dt.date | None:
        """A date as YYYY-MM-DD, with or without a time."""
        text = self.cells[mean]
        try:
            matched = _DATE.fullmatch(text)
            day = dt.date.fromisoformat(matched[1]) if matched else None
        except ValueError:
            day = None
        if day is None or not FIRST_DATE <= day <= LAST_DATE:
            self._refuse(mean, text, f"expected a date as YYYY-MM-DD from {FIRST_DATE.year} to {LAST_DATE.year}")
            return None
        return day

    def degrees(self, mean: str, sides: str, largest: float, odd: list[Problem]) -> float | None:
        """Degrees north or east, from decimals or degrees, minutes, seconds and a side; `odd` takes the others."""
        text = self.cells.get(mean, "")
        if not text:
            return None
        matched = _DEGREES.fullmatch(text)
        if matched and matched[4].upper() in sides:
            size = float(matched[1]) + float(matched[2] or 0) / 60 + float(matched[3] or 0) / 3600
            degrees = -size if matched[4].upper() in "SW" else size
        else:
            try:
                degrees = float(text)
            except ValueError:
                degrees = math.nan
        if not -largest <= degrees <= largest:
            expected = f"expected degrees {sides[0]} or {sides[1]}, such as 32°35'25\"{sides[0]}"
            odd.append(Problem(self.table.shown, self.line, self.table.means[mean], text, expected))
            return None
        return round(degrees, 6)

    def _refuse(self, mean: str, text: str, expected: str) -> None:
        """Add a problem of this row."""
        self.problems.append(Problem(self.table.shown, self.line, self.table.means[mean], text, expected))
