"""What a vintage says in the ledger's terms: steps by site, measure and chip, and work under way."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gigaledger.sources.epoch.power import (
    FACILITY,
    IT,
    measure_of_current_power,
    measure_of_h100e,
    measure_of_timeline_power,
)
from gigaledger.sources.epoch.revision import Amounts, Series, Step, amount_in_force, steps_of
from gigaledger.sources.epoch.rules import declared_chip, normal_chip, normal_name, rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from gigaledger.folder import Rows
    from gigaledger.sources.epoch.vintage import ChipCount, Reading, SiteRow, Vintage

QUARTER_DAYS = 92
_CURRENT = {"current_it_power": IT, "current_facility_power": FACILITY}


@dataclass(slots=True)
class Meanings:
    """The measures that the columns of a vintage stand for."""

    timeline_power: str | None
    current_power: str | None
    h100e: str | None

    def of(self, mean: str) -> str | None:
        """The measure of a column of the timelines; none for one that is no amount of the ledger."""
        named = {"power": self.timeline_power, "h100e": self.h100e, FACILITY: FACILITY, IT: IT}
        return named.get(mean)


@dataclass(slots=True)
class Timelines:
    """The series of a vintage."""

    steps: dict[Series, list[Step]] = field(default_factory=dict)
    work: dict[Series, tuple[dt.date, Amounts, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def of_sites(self, site_id: Callable[[str], str | None]) -> Timelines:
        """The same series by the identifiers of their sites."""

        def own(series: Series) -> Series:
            return series._replace(site_id=site_id(series.site_id) or series.site_id)

        steps = {own(series): one for series, one in self.steps.items()}
        return Timelines(steps, {own(series): one for series, one in self.work.items()}, self.notes)


def readings_by_name(vintage: Vintage, names: dict[str, str]) -> dict[str, list[Reading]]:
    """The readings of each listed site by its normalised name, in order of days; the others are set aside.

    Args:
        vintage: the vintage.
        names: the user's own table of handles and names.
    """
    listed = {
        normal_name(one): normal_name(site.name) for site in vintage.sites for one in (site.name, site.handle) if one
    }
    by_name: dict[str, dict[dt.date, Reading]] = {}
    for reading in vintage.readings:
        name = listed.get(normal_name(reading.name)) or listed.get(normal_name(names.get(reading.name, "")))
        if name is None:
            vintage.leave(
                "timelines", reading.line, f"{reading.name} on {reading.on}", "the site table does not list the site"
            )
            continue
        rows = by_name.setdefault(name, {})
        before = rows.get(reading.on)
        if before is not None and before.amounts != reading.amounts:
            why = f"another row of the same day (line {reading.line}) comes after it"
            vintage.leave("timelines", before.line, f"{reading.name} on {reading.on}", why)
        rows[reading.on] = reading
    return {name: [rows[on] for on in sorted(rows)] for name, rows in by_name.items()}


def decide(vintage: Vintage, readings: dict[str, list[Reading]], known_on: dt.date, said: str | None) -> Meanings:
    """The measures of the columns, recognised from the figures.

    Raises:
        BadVintage: they cannot be.
    """
    timeline_power = measure_of_timeline_power(vintage, known_on, said)
    newest = {
        site.name: rows[-1]
        for site in vintage.sites
        if (rows := [one for one in readings.get(normal_name(site.name), ()) if one.on <= known_on and one.amounts])
    }
    current = measure_of_current_power(vintage, newest, timeline_power, said)
    return Meanings(timeline_power, current, measure_of_h100e(vintage))


def timelines_of(
    vintage: Vintage,
    readings: dict[str, list[Reading]],
    meanings: Meanings,
    known_on: dt.date,
) -> Timelines:
    """The series of power and compute of every listed site, by its normalised name in the place of its identifier.

    A row counts when a figure changes in it, or when it is the newest observation; it counts in all its measures then,
    so that the newest state of a site is one state in all of them.
    """
    found = Timelines()
    for site in vintage.sites:
        own = normal_name(site.name)
        rows = readings.get(own, [])
        if not rows:
            _take_current(vintage, site, own, meanings, known_on, found)
        points: dict[str, list[Step]] = {}
        for row in rows:
            buildings = _count(row.buildings)
            service = f", {buildings} building{'s' if buildings != '1' else ''}" if buildings else ""
            locator = f"timeline row {row.on}{service}{'' if row.on <= known_on else ', projected'}"
            for mean, amount in row.amounts.items():
                if measure := meanings.of(mean):
                    points.setdefault(measure, []).append(Step(row.on, amount, locator))
        days = {step.on for one in points.values() for step in steps_of(one)}
        newest = _newest(rows, known_on)
        days |= {newest.on} if newest else set()
        for measure, one in points.items():
            found.steps[Series(own, measure, "")] = [step for step in one if step.on in days]
        _see_work(rows, own, known_on, found)
    return found


def _newest(rows: list[Reading], known_on: dt.date) -> Reading | None:
    """The newest observation with figures; rows stand in the order of days."""
    return next((row for row in reversed(rows) if row.on <= known_on and row.amounts), None)


def _take_current(  # noqa: PLR0913, PLR0917 - what is known of a site without a timeline
    vintage: Vintage, site: SiteRow, own: str, meanings: Meanings, known_on: dt.date, found: Timelines
) -> None:
    """A site without a timeline: its current power on the day of the vintage, where it is known which power it is."""
    for mean, amount in site.power.items():
        measure = _CURRENT.get(mean) or meanings.current_power
        if measure:
            found.steps[Series(own, measure, "")] = [Step(known_on, amount, "current power, no timeline")]
        else:
            why = "nothing in the vintage says whether it is facility or IT power"
            vintage.leave("data_centers", site.line, f"current power of {site.name}", why)


def _see_work(rows: list[Reading], own: str, known_on: dt.date, found: Timelines) -> None:
    """Work under way at the newest observation, up to the next projected step: its extent is not stated."""
    seen = [row for row in rows if row.on <= known_on]
    if not seen or not is_work(seen[-1].status):
        return
    own_steps = {one: steps for one, steps in found.steps.items() if one.site_id == own and not one.chip_id}
    now = {
        series: amount_in_force([s for s in steps if s.on <= known_on], known_on) for series, steps in own_steps.items()
    }
    for on in sorted({step.on for steps in own_steps.values() for step in steps if step.on > known_on}):
        later = {series: amount_in_force(steps, on) for series, steps in own_steps.items()}
        grown = [series for series in own_steps if later[series] > now[series]]
        if grown:  # every measure of the first day on which one grows, so that they fit each other
            locator = f"timeline row {seen[-1].on}: work seen, extent not stated; high: next projected step, {on}"
            for series in grown:
                found.work[series] = (seen[-1].on, Amounts(later[series], now[series], later[series]), locator)
            return


def is_work(status: str) -> bool:
    """Whether a status of construction says that work goes on."""
    words = normal_name(status)
    return any(re.search(rf"\b{word}", words) for word in rules()["words_of_work"])


def chip_steps(vintage: Vintage, site_id: Callable[[str], str | None], chips: Chips, known_on: dt.date) -> Timelines:
    """The series of chips; counts are cumulative in the table and stay so."""
    parts: dict[tuple[str, str, dt.date], dict[str, ChipCount]] = {}
    for count in vintage.chips:
        own, chip = site_id(count.name), chips.chip_id(count.chip)
        what = f"{count.count:,.0f} {count.chip} at {count.name} on {count.on}"
        if own is None:
            vintage.leave("chip_quantities", count.line, what, "the site table does not list the site")
        elif chip is None:
            vintage.leave("chip_quantities", count.line, what, f"no chip of the ledger is called {count.chip!r}")
        elif count.on < (first := chips.first_delivery(chip)):
            why = f"the ledger's {chip} was not delivered before {first}"
            vintage.leave("chip_quantities", count.line, what, why)
        else:
            rows = parts.setdefault((own, chip, count.on), {})
            label = f"{normal_name(count.chip)} {normal_name(count.users)}"
            if label in rows:
                vintage.leave("chip_quantities", rows[label].line, what, f"line {count.line} says it again, or anew")
            rows[label] = count
    points: dict[Series, list[Step]] = {}
    for (own, chip, on), rows in parts.items():
        one = next(iter(rows.values()))
        users = sorted({row.users for row in rows.values() if row.users})
        stated = [f"chip table row {on}, {one.chip}", one.basis, f"user {', '.join(users)}" if users else ""]
        stated += [f"{len(rows)} rows added"] if len(rows) > 1 else []
        stated += ["projected"] if on > known_on else []
        amount = sum(row.count for row in rows.values())
        points.setdefault(Series(own, "chips", chip), []).append(Step(on, amount, "; ".join(filter(None, stated))))
    found = Timelines()
    for series, steps in points.items():
        found.steps[series] = steps_of(steps)
        for before, after in zip(found.steps[series], found.steps[series][1:], strict=False):
            if after.amount < before.amount:
                found.notes.append(
                    f"the cumulative count of {series.chip_id} at {series.site_id} falls from {before.amount:,.0f} "
                    f"({before.on}) to {after.amount:,.0f} ({after.on}); both are taken as they stand"
                )
    return found


class Chips:
    """The chips of the ledger by name and alias, with the day of their release."""

    def __init__(self, rows: Rows) -> None:
        """Take the rows of the table `chip`."""
        self._ids = {
            normal_chip(name): chip_id
            for chip_id, row in rows.items()
            for name in (chip_id, row["name"], *row["aliases"].split(";"))
        }
        self._released = {chip_id: row["released_on"] for chip_id, row in rows.items()}

    def chip_id(self, name: str) -> str | None:
        """The chip_id of a label: declared, or a name or alias of the ledger."""
        return declared_chip(name) or self._ids.get(normal_chip(name))

    def first_delivery(self, chip_id: str) -> dt.date:
        """The first day on which a chip can have been delivered: a quarter before its release."""
        released = self._released.get(chip_id)
        return dt.date.fromisoformat(released) - dt.timedelta(days=QUARTER_DAYS) if released else dt.date.min


def _count(text: str) -> str:
    """A count of buildings without the decimals that a spreadsheet adds."""
    try:
        return format(float(text), "g")
    except ValueError:
        return text[:20]
