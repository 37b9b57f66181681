"""What an import took, changed and set aside, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gigaledger.folder import read_rows
from gigaledger.paths import datasets_folder
from gigaledger.schema import tables
from gigaledger.sources.epoch.parties import attributions
from gigaledger.sources.epoch.places import country_of
from gigaledger.sources.epoch.revision import Revision, Series, amount_in_force
from gigaledger.sources.epoch.rules import declared_tag

if TYPE_CHECKING:
    import datetime as dt

    from gigaledger.folder import Changes
    from gigaledger.sources.epoch.linking import Links
    from gigaledger.sources.epoch.vintage import Vintage


@dataclass(slots=True)
class Report:
    """What was taken, what changed, what was set aside, and why."""

    vintage: str
    into: str
    columns: dict[str, str | None] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0
    changed: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    set_aside: list[dict[str, object]] = field(default_factory=list)
    columns_not_taken: list[dict[str, str]] = field(default_factory=list)
    totals: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def fill_report(report: Report, vintage: Vintage, links: Links, revision: Revision, changes: Changes) -> None:
    """Count what was taken and list what changed and what was set aside."""
    kinds = Counter(f"{key.stage} {key.series.measure}" for key in revision.added)
    report.taken |= {f"milestone {kind}": count for kind, count in sorted(kinds.items())}
    for table in ("claim", "organization"):
        if rows := changes.rows.get(table):
            report.taken[table] = len(rows)
    report.unchanged = revision.unchanged
    report.changed |= {
        "revised": revision.revised,
        "renamed": links.renamed,
        "split": [{"site_id": old, "became": parts} for old, parts in links.split.items()],
        "no longer listed": [{"site_id": one, "kept": "as last known"} for one in links.gone],
    }
    report.set_aside = vintage.set_aside
    report.columns_not_taken = [
        {"file": table.shown, "column": column, "why": why}
        for table in vintage.tables.values()
        for column, why in table.not_taken
    ]


def totals_of(
    steps: dict[Series, list[Any]], chips: dict[Series, list[Any]], known_on: dt.date
) -> list[dict[str, Any]]:
    """The sums over listed sites on the day of the vintage, to hold against the publisher's own."""
    totals: dict[str, list[float]] = {}
    for series, one in (steps | chips).items():
        totals.setdefault(series.measure, []).append(amount_in_force([s for s in one if s.on <= known_on], known_on))
    units = {row["measure"]: row["unit"] for row in _measures()}
    return [
        {"measure": measure, "operational": sum(amounts), "unit": units[measure]}
        for measure, amounts in sorted(totals.items())
    ]


def _measures() -> list[dict[str, str]]:
    """The measures of the vocabulary."""
    table = tables()["measure"]
    return list(read_rows(datasets_folder() / table.path, table.columns, table.primary_key).values())


def undeclared_words(vintage: Vintage) -> list[str]:
    """Sentences on countries and attribution tags that are not declared, and what becomes of them."""
    countries = {site.country for site in vintage.sites if site.country and not country_of(site.country, "")}
    tags = {one.tag for site in vintage.sites for one in attributions(f"{site.owner},{site.users}")}
    notes = [f"the country {name!r} is not declared and left empty" for name in sorted(countries)]
    unknown = sorted(tag for tag in tags if declared_tag(tag) is None)
    return notes + [f"the tag #{tag} is not declared and gives no confidence" for tag in unknown]
