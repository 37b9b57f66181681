"""Small vintages in each layout that the public tables have had, written as CSV files."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from gigaledger.cli.main import cli

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

Rows = list[dict[str, Any]]

ATLAS = {"Name": "Atlas Works", "Owner": "Acme Cloud #confident", "Users": "OpenAI #likely, Acme Cloud #speculative"}
ATLAS |= {"Country": "United States", "Address": "1 Long Rd, Abilene, TX 79601"}
BERG = {"Name": "Berg", "Owner": "", "Users": "", "Country": "Norway", "Address": "Fjordveien 1, Narvik, Norway"}


def write_table(path: Path, rows: Rows) -> None:
    """One CSV file with the columns of the first row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_vintage(folder: Path, sites: Rows, timelines: Rows, chips: Rows | None = None) -> Path:
    """The files of a vintage; no chip table where there are no rows for it."""
    folder.mkdir(parents=True)
    write_table(folder / "data_centers.csv", sites)
    write_table(folder / "data_center_timelines.csv", timelines)
    if chips:
        write_table(folder / "data_center_chip_quantities.csv", chips)
    return folder


def oldest(folder: Path) -> Path:
    """As in 2025: handles, degrees, power without a word for its boundary, no IT power."""
    site = {"Handle": "Acme Atlas Works Abilene Texas", "Title": "Atlas Works", "Owner": "Acme Cloud #confident"}
    site |= {"Users": "OpenAI #likely", "Address": "1 Long Rd, Abilene, TX 79601"}
    site |= {"Latitude": "32°30'00\"N", "Longitude": "99°45'00\"W", "Current power (MW)": "120"}
    timelines = [
        {
            "Date": "2025-01-01",
            "Data center": site["Handle"],
            "Construction status": "Land clearing begins",
            "Power (MW)": 0,
        },
        {
            "Date": "2025-11-01",
            "Data center": site["Handle"],
            "Construction status": "Roof on hall 2",
            "Power (MW)": 120,
        },
        {"Date": "2026-03-01", "Data center": site["Handle"], "Construction status": "Hall 2 ready", "Power (MW)": 240},
    ]
    return write_vintage(folder, [site], timelines)


def newest(folder: Path, **changes: Any) -> Path:
    """As in 2026: names, IT power beside power, current power in IT megawatts, a chip table, projected rows."""
    atlas, berg = ATLAS | {"Current power (MW)": 200}, BERG | {"Current power (MW)": 40}
    timelines = [
        _row("Atlas Works", "2025-01-01", 0, 0, "Land clearing begins"),
        _row("Atlas Works", "2025-11-01", 100, 120, "Hall 1 operational"),
        _row("Atlas Works", "2026-05-01", 200, 240, "Hall 2 operational, shell of hall 3"),
        _row("Atlas Works", "2026-12-01", 300, 360, "Hall 3 operational"),
        _row("Berg", "2026-02-01", 40, 50, "Operational"),
    ]
    chips = [
        _chips("Atlas Works", "2025-11-01", "B200", 40000),
        _chips("Atlas Works", "2026-05-01", "B200", 80000),
        _chips("Atlas Works", "2026-12-01", "B300", 30000),
        _chips("Berg", "2026-02-01", "Abacus 9", 7),
        _chips("", "2026-02-01", "H100", 7),
    ]
    return write_vintage(
        folder,
        changes.get("sites", [atlas, berg]),
        changes.get("timelines", timelines),
        changes.get("chips", chips),
    )


def _row(name: str, on: str, it: float, power: float, status: str) -> dict[str, Any]:
    """One row of a timeline of 2026."""
    return {
        "Data center": name,
        "Date": on,
        "Construction status": status,
        "Buildings operational": 1.0,
        "IT power (MW)": it,
        "Power (MW)": power,
        "H100 equivalents": it * 1000,
        "Performance (8-bit OP/s)": it * 1000 * 1.979e15,
        "Total capital cost (2026 USD billions)": it * 38,
    }


def _chips(name: str, on: str, chip: str, count: float) -> dict[str, Any]:
    """One row of a chip table."""
    return {"Handle": f"{chip} at {name} on {on}", "Data center": name, "Date": on, "Chip type": chip} | {
        "Number of Units": count,
        "Number of Units source": "Estimate",
        "User": "OpenAI #likely",
    }


def run_import(folder: Path, known_on: str, into: Path, *options: str) -> Result:
    """Run the command of the import."""
    from click.testing import CliRunner

    arguments = ["import", "epoch", str(folder), "--known-on", known_on, "--into", str(into), *options]
    return CliRunner().invoke(cli, arguments)


def ledger_rows(into: Path, table: str) -> Rows:
    """The rows of a file of the ledger."""
    with (into / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def milestones(into: Path, site: str, stage: str, measure: str) -> list[tuple[str, float]]:
    """Day and amount of the milestones of a site, stage and measure, in the order of the file."""
    return [
        (row["on_date"], float(row["amount_best"]))
        for row in ledger_rows(into, "milestone")
        if (row["site_id"], row["stage"], row["measure"]) == (site, stage, measure)
    ]


def ledger_bytes(into: Path) -> dict[str, bytes]:
    """Every file of a ledger's folder."""
    return {path.name: path.read_bytes() for path in sorted(into.iterdir()) if path.is_file()}
