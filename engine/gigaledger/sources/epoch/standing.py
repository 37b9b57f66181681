"""What a ledger holds before an import: its rows, the names and vintages met so far, and the newest amounts by key."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gigaledger.errors import BadVintage
from gigaledger.folder import Rows, SideTable, read_rows, read_table
from gigaledger.paths import datasets_folder
from gigaledger.sources.epoch import linking
from gigaledger.sources.epoch.revision import Amounts, Key, Series, amount_in_force
from gigaledger.sources.epoch.rules import normal_name

if TYPE_CHECKING:
    from pathlib import Path

    from gigaledger.sources.epoch.vintage import SiteRow

SITES = SideTable("epoch_site", linking.COLUMNS)
VINTAGES = SideTable("epoch_vintage", ("known_on", "sha256", "timeline_power", "current_power", "h100e"))
SOURCE = "epoch-data-centers-"
# By which measure two sizes of one site are compared, the first that both have.
_SIZES = ("facility_power", "it_power", "compute")


@dataclass(slots=True)
class Standing:
    """What the ledger holds before the import."""

    tables: dict[str, Rows]
    bundled: dict[str, Rows]
    names: Rows
    vintages: Rows
    milestones: dict[Key, Amounts]

    def rows(self, name: str) -> Rows:
        """The rows of a table, the user's before the bundled ones where the ledger is layered."""
        return self.bundled.get(name, {}) | self.tables[name]


def standing_of(into: Path, known_on: dt.date, *, extend: bool) -> Standing:
    """Read what the ledger holds."""
    names = ("source", "organization", "programme", "site", "deal", "milestone", "claim")
    bundled = {name: read_table(datasets_folder(), name) for name in names} if extend else {}
    own = {name: read_table(into, name) for name in names}
    standing = Standing(
        own,
        bundled,
        read_rows(into / "epoch_site.csv", SITES.columns, ("name",)),
        read_rows(into / "epoch_vintage.csv", VINTAGES.columns, ("known_on",)),
        {},
    )
    for row in sorted(standing.rows("milestone").values(), key=lambda one: (one["known_on"], one["milestone_id"])):
        if row["source_id"].startswith(SOURCE) and row["known_on"] <= known_on.isoformat() and row["amount_best"]:
            key = Key(
                Series(row["site_id"], row["measure"], row["chip_id"]),
                dt.date.fromisoformat(row["on_date"]),
                row["stage"],
            )
            low, high = (float(row[name]) if row[name] else None for name in ("amount_low", "amount_high"))
            standing.milestones[key] = Amounts(float(row["amount_best"]), low, high)
    return standing


def is_imported(standing: Standing, known_on: dt.date, digest: str, into: Path) -> bool:
    """Whether the ledger has this vintage already.

    Raises:
        BadVintage: it has a later vintage, or another one of the same day.
    """
    day = known_on.isoformat()
    if row := standing.vintages.get(day):
        if row["sha256"] == digest:
            return True
        raise BadVintage(
            f"{into} holds another vintage of {day}; import the corrected files under the day of their publication"
        )
    if later := [one for one in standing.vintages if one > day]:
        raise BadVintage(
            f"{into} holds the vintage of {min(later)}, which is later than {day}; vintages are imported in the order "
            "of their days, so import all of them into a new folder"
        )
    return False


def sizes_of(standing: Standing, plain: dict[Series, list[Any]], earlier: str | None) -> tuple[Any, Any]:
    """Two functions: the size of a site of the ledger, and of a row of the vintage, on the day of the last vintage."""
    on = dt.date.fromisoformat(earlier) if earlier else dt.date.min

    def measure_of(site_id: str) -> str | None:
        held = {key.series.measure for key in standing.milestones if key.series.site_id == site_id}
        offered = {series.measure for series in plain}
        return next((one for one in _SIZES if one in held and one in offered), None)

    shared: dict[str, str | None] = {}

    def held(site_id: str) -> float | None:
        shared["measure"] = measure = measure_of(site_id)
        amounts = {
            key.on: amounts.best
            for key, amounts in standing.milestones.items()
            if key.series == Series(site_id, measure or "", "") and key.stage == "operational" and key.on <= on
        }
        return amounts[max(amounts)] if amounts else None

    def told(site: SiteRow) -> float | None:
        steps = plain.get(Series(normal_name(site.name), shared.get("measure") or "", ""))
        return amount_in_force(steps, on) if steps else None

    return held, told


def emptied(
    steps: dict[Series, list[Any]], chips: dict[Series, list[Any]], standing: Standing, links: linking.Links
) -> dict[Series, list[Any]]:
    """Series that are nothing any more: of split sites, and of chips that a counted site no longer has."""
    counted = {series.site_id for series in chips}
    return {
        key.series: []
        for key in standing.milestones
        if key.series not in steps
        and key.series not in chips
        and (key.series.site_id in links.split or (key.series.chip_id and key.series.site_id in counted))
    }
