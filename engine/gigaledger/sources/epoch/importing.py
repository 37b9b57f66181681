"""A vintage into a ledger's folder: append-only milestones with `known_on`, sites, parties and claims, all or none."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

from gigaledger.errors import FileProblem
from gigaledger.folder import Changes, locked, read_table, write_changes
from gigaledger.paths import datasets_folder
from gigaledger.sources.epoch import linking
from gigaledger.sources.epoch.decisions import Chips, chip_steps, decide, readings_by_name, timelines_of
from gigaledger.sources.epoch.parties import Parties
from gigaledger.sources.epoch.reading import vintage_files
from gigaledger.sources.epoch.report import Report, fill_report, totals_of, undeclared_words
from gigaledger.sources.epoch.revision import revise, slips
from gigaledger.sources.epoch.rows import claim_rows, milestone_row, organization_rows, site_row, source_row
from gigaledger.sources.epoch.rules import FILES
from gigaledger.sources.epoch.standing import (
    SITES,
    SOURCE,
    VINTAGES,
    Standing,
    emptied,
    is_imported,
    sizes_of,
    standing_of,
)
from gigaledger.sources.epoch.vintage import Vintage, read_vintage


def import_vintage(  # noqa: PLR0913 - one option each of the command line
    folder: Path,
    known_on: dt.date,
    into: Path,
    *,
    extend: bool = False,
    power: str | None = None,
    names: dict[str, str] | None = None,
) -> Report:
    """Import one vintage of the data-centre tables into the folder of a ledger.

    Args:
        folder: the folder with the files of the vintage.
        known_on: the day on which the vintage was published.
        into: the folder of the ledger; it is created.
        extend: the ledger is layered over the bundled one, whose sites and milestones need not be repeated.
        power: `facility_power` or `it_power`, where the vintage itself does not tell.
        names: names of sites by the handles that the timelines use, where the site table does not hold them.

    Returns:
        The report.

    Raises:
        DatasetProblems, FileProblem: every problem of the files; nothing is written.
        BadVintage: the vintage cannot be read without guessing, or comes out of order; nothing is written.
    """
    vintage = read_vintage(folder)
    report = Report(known_on.isoformat(), str(into))
    if into.exists() and not into.is_dir():
        raise FileProblem(f"{into} is a file; expected the folder of a ledger")
    _create(into)
    with locked(into):
        standing = standing_of(into, known_on, extend=extend)
        digest = _digest(folder)
        if is_imported(standing, known_on, digest, into):
            report.notes.append(f"the vintage of {known_on} is in {into} already; nothing was written")
            return report
        changes = _changes(vintage, known_on, standing, report, power, names or {})
        meanings = {name: report.columns[name] or "" for name in VINTAGES.columns[2:]}
        row = {"known_on": report.vintage, "sha256": digest, **meanings}
        changes.put(VINTAGES.name, report.vintage, row)
        report.files = write_changes(into, changes, (SITES, VINTAGES))
    return report


def _create(into: Path) -> None:
    """Create the folder of the ledger."""
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(f"the folder {into} cannot be created: {error.strerror}") from None


def _digest(folder: Path) -> str:
    """The SHA-256 of the files of a vintage together."""
    digest = hashlib.sha256()
    for name, path in vintage_files(folder).items():
        content = path.read_bytes()
        digest.update(f"{FILES[name]} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _changes(  # noqa: PLR0913, PLR0917 - the parts of an import
    vintage: Vintage, known_on: dt.date, standing: Standing, report: Report, power: str | None, names: dict[str, str]
) -> Changes:
    """The rows that the vintage adds to the ledger; the report says which."""
    day = known_on.isoformat()
    readings = readings_by_name(vintage, names)
    meanings = decide(vintage, readings, known_on, power)
    report.columns = {name: getattr(meanings, name) for name in VINTAGES.columns[2:]}
    earlier = max(standing.vintages, default=None)
    by_name = timelines_of(vintage, readings, meanings, known_on)
    links = linking.link_sites(vintage.sites, standing.names, earlier, *sizes_of(standing, by_name.steps, earlier))
    found = by_name.of_sites(links.site_id)
    known_chips = Chips(read_table(datasets_folder(), "chip") | read_table(Path(report.into), "chip"))
    chips = chip_steps(vintage, links.site_id, known_chips, known_on)
    steps = found.steps | chips.steps | emptied(found.steps, chips.steps, standing, links)
    revision = revise(steps, found.work, standing.milestones, known_on)
    changes = Changes()
    source_id = f"{SOURCE}{day}"
    if source_id not in standing.rows("source"):
        changes.put("source", source_id, source_row(source_id, known_on))
    parties = Parties(standing.tables["organization"], read_table(datasets_folder(), "organization"))
    for one in links.renamed:
        one["before"] = standing.tables["site"].get(str(one["site_id"]), {}).get("name") or one["before"]
    _put_sites(vintage, links, parties, standing, report, changes)
    for key, (amounts, locator) in revision.added.items():
        row = milestone_row(key, amounts, locator, day, source_id)
        changes.put("milestone", row["milestone_id"], row)
    for table, rows in claim_rows(vintage.sites, links, parties, standing.rows, day, source_id).items():
        changes.rows.setdefault(table, {}).update(rows)
    _put_organizations(parties, source_id, standing, changes)
    changes.rows[SITES.name] = linking.remembered(vintage.sites, links, standing.names, day)
    fill_report(report, vintage, links, revision, changes)
    report.changed["slipped"] = slips(steps, standing.milestones, dt.date.fromisoformat(earlier)) if earlier else []
    report.notes += chips.notes + undeclared_words(vintage)
    report.totals = totals_of(found.steps, chips.steps, known_on)
    return changes


def _put_organizations(parties: Parties, source_id: str, standing: Standing, changes: Changes) -> None:
    """Put the organisations that the ledger lacks; a bundled one comes with its own source."""
    sources = read_table(datasets_folder(), "source")
    for key, row in organization_rows(parties, source_id).items():
        if key not in standing.rows("organization"):
            changes.put("organization", key, row)
            if row["source_id"] in sources and row["source_id"] not in standing.rows("source"):
                changes.put("source", row["source_id"], sources[row["source_id"]])


def _put_sites(  # noqa: PLR0913, PLR0917 - the parts of an import
    vintage: Vintage, links: linking.Links, parties: Parties, standing: Standing, report: Report, changes: Changes
) -> None:
    """Put the sites: new ones, and those whose row is the importer's own and says something else now."""
    renamed = {str(one["site_id"]) for one in links.renamed}
    known_names: dict[str, set[str]] = {}
    for name, row in standing.names.items():
        known_names.setdefault(row["site_id"], set()).add(name)
    for site in vintage.sites:
        site_id = links.site_id(site.name) or ""
        row = site_row(site, site_id, parties)
        before = standing.tables["site"].get(site_id)
        if before is None and site_id in standing.bundled.get("site", {}):
            continue
        names = known_names.get(site_id, set())
        if names and site.name not in names and site_id not in renamed:
            why = "declared, or named so in epoch_site.csv"
            links.renamed.append(
                {"site_id": site_id, "before": before["name"] if before else max(names), "now": site.name, "why": why}
            )
        if before is None:
            report.taken["site"] = report.taken.get("site", 0) + 1
            changes.put("site", site_id, row)
        elif before["note"].startswith("Epoch AI: ") and before != (kept := _filled(row, before)):
            report.changed.setdefault("sites", []).append(
                {"site_id": site_id, "columns": sorted(name for name in kept if kept[name] != before[name])}
            )
            changes.put("site", site_id, kept)


def _filled(row: dict[str, str], before: dict[str, str]) -> dict[str, str]:
    """The new row of a site; what the new vintage leaves empty stays as it was."""
    return {name: row.get(name) or before[name] for name in before}


def read_names(path: Path | None) -> dict[str, str]:
    """The user's own table of handles and names: a JSON object.

    Raises:
        FileProblem: it is none.
    """
    if path is None:
        return {}
    try:
        names = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise FileProblem(f"{path} cannot be read as JSON: {error}") from None
    if not isinstance(names, dict) or not all(isinstance(one, str) for one in names.values()):
        raise FileProblem(f'{path} is no table of names; expected a JSON object such as {{"handle": "name"}}')
    return names
