"""Which site of the ledger a name of a vintage means: declared, known by name, renamed, or a part of a split campus."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gigaledger.sources.epoch.places import distance_km, normal_address, slug
from gigaledger.sources.epoch.rules import declared_site, normal_name, rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from gigaledger.folder import Rows
    from gigaledger.sources.epoch.vintage import SiteRow

# Every name that the importer has met, in the ledger's folder: the user may read and mend it.
COLUMNS = ("name", "site_id", "address", "latitude", "longitude", "first_known_on", "last_known_on", "became")


@dataclass(slots=True)
class Links:
    """The site_id of each name of a vintage, and what became of sites that it no longer lists."""

    ids: dict[str, str] = field(default_factory=dict)  # by normalised name or handle
    renamed: list[dict[str, object]] = field(default_factory=list)
    split: dict[str, list[str]] = field(default_factory=dict)  # site_id that is gone: the site_ids that it became
    gone: list[str] = field(default_factory=list)  # site_ids no longer listed, without a successor

    def site_id(self, name: str) -> str | None:
        """The site_id of a name or handle, if the vintage lists it."""
        return self.ids.get(normal_name(name))


def link_sites(
    sites: list[SiteRow],
    known: Rows,
    last_vintage: str | None,
    capacity: Callable[[str], float | None],
    new_capacity: Callable[[SiteRow], float | None],
) -> Links:
    """Link the sites of a vintage to those of the ledger.

    Args:
        sites: the site table.
        known: the names met so far, by name.
        last_vintage: the day of the last imported vintage; none before the first.
        capacity: what the ledger holds of a site at that day.
        new_capacity: what the new vintage says of a site at that day.

    Returns:
        The links; a name that is met for the first time gets an identifier made of it.
    """
    links = Links()
    by_name = {normal_name(name): row for name, row in known.items()}
    fresh = []
    for site in sites:
        found = next((row["site_id"] for name in _names(site) if (row := by_name.get(name))), None)
        site_id = found or next((one for name in (site.name, site.handle) if (one := declared_site(name))), None)
        if site_id in links.ids.values():  # two rows of one vintage are two sites
            found = site_id = None
        if found is None:
            fresh.append(site)
        if site_id:
            _link(links, site, site_id)
    listed = set(links.ids.values())
    gone = {
        row["site_id"]: row
        for row in known.values()
        if row["last_known_on"] == last_vintage and row["site_id"] not in listed and not row["became"]
    }
    for site_id, row in sorted(gone.items()):
        names = [name for name, one in known.items() if one["site_id"] == site_id]
        successors = [site for site in fresh if _is_same_place(site, row)]
        if not successors:
            successors = [site for site in fresh if _may_be_same(site, row) and is_same_name(site.name, row["name"])]
        _follow(links, site_id, names, successors, capacity(site_id), new_capacity)
    taken = {row["site_id"] for row in known.values()} | set(links.ids.values())
    for site in fresh:
        if links.site_id(site.name) is None:
            site_id = slug(site.name)
            if site_id in taken:
                site_id = f"{site_id}-{hashlib.sha256(site.name.encode()).hexdigest()[:6]}"
            taken.add(site_id)
            _link(links, site, site_id)
    # A split that was decided before its parts had an identifier names them by their names.
    links.split = {old: sorted(links.ids[normal_name(name)] for name in names) for old, names in links.split.items()}
    return links


def _follow(  # noqa: PLR0913, PLR0917 - what is known of a site that is gone and of those in its place
    links: Links,
    site_id: str,
    names: list[str],
    successors: list[SiteRow],
    capacity: float | None,
    new_capacity: Callable[[SiteRow], float | None],
) -> None:
    """Decide what became of a site that a vintage no longer lists: renamed, split, or gone."""
    if not successors:
        links.gone.append(site_id)
        return
    told = sum(new_capacity(site) or 0.0 for site in successors)
    low, high = rules()["renamed_capacity_low"], rules()["renamed_capacity_high"]
    only = successors[0]
    why = "same place, same size" if not capacity or low <= told / capacity <= high else ""
    why = "same place, nearly the same name" if any(is_same_name(only.name, name) for name in names) else why
    if len(successors) == 1 and why and links.site_id(only.name) is None:
        links.renamed.append({"site_id": site_id, "before": names[-1], "now": only.name, "why": why})
        _link(links, only, site_id)
    else:
        links.split[site_id] = [site.name for site in successors]


def _is_same_place(site: SiteRow, row: dict[str, str]) -> bool:
    """Whether a site stands where a known name stands: same address, or a short distance."""
    if site.address and row["address"] and normal_address(site.address) == normal_address(row["address"]):
        return True
    if site.latitude is None or site.longitude is None or not row["latitude"] or not row["longitude"]:
        return False
    there = (float(row["latitude"]), float(row["longitude"]))
    return bool(distance_km((site.latitude, site.longitude), there) <= rules()["same_place_km"])


def _may_be_same(site: SiteRow, row: dict[str, str]) -> bool:
    """Whether nothing says that a site and a known name stand at different places."""
    return not (site.address and row["address"])


def is_same_name(a: str, b: str) -> bool:
    """Whether two names are one but for left-out words or spelling; numbers in them must be the same."""
    from rapidfuzz import fuzz

    if re.findall(r"\d+", a) != re.findall(r"\d+", b):
        return False
    words = [set(re.findall(r"\w+", name.casefold())) for name in (a, b)]
    if not all(words):
        return False
    is_near = bool(fuzz.ratio(a.casefold(), b.casefold()) >= rules()["same_name_score"])
    return is_near or words[0] <= words[1] or words[1] <= words[0]


def _names(site: SiteRow) -> list[str]:
    """The normalised names of a site."""
    return [normal_name(name) for name in (site.name, site.handle) if name]


def _link(links: Links, site: SiteRow, site_id: str) -> None:
    """Remember the site_id of a site under all its names."""
    for name in _names(site):
        links.ids[name] = site_id


def remembered(sites: list[SiteRow], links: Links, known: Rows, day: str) -> Rows:
    """The rows of the table of names after a vintage of a day."""
    rows = {}
    for site in sites:
        for name in dict.fromkeys(name for name in (site.name, site.handle) if name):
            before = known.get(name, {})
            rows[name] = {
                "name": name,
                "site_id": links.ids[normal_name(name)],
                "address": site.address or before.get("address", ""),
                "latitude": str(site.latitude) if site.latitude is not None else before.get("latitude", ""),
                "longitude": str(site.longitude) if site.longitude is not None else before.get("longitude", ""),
                "first_known_on": before.get("first_known_on") or day,
                "last_known_on": day,
                "became": "",
            }
    for old, parts in links.split.items():
        rows |= {name: row | {"became": ";".join(parts)} for name, row in known.items() if row["site_id"] == old}
    return rows
