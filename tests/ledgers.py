"""Small ledgers that tests write as CSV files."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from gigaledger.schema import tables

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, object]

# Two organisations, three sites, four deals in two programmes; known up to 2026-06-30. Every amount of capacity is an exact
# figure of IT power in megawatts (north states its facility power too), so that totals can be worked out by hand.
SOUND: dict[str, list[Row]] = {
    "organization": [
        {"organization_id": "cloud", "name": "Cloud", "country": "US", "source_id": "press-2026"},
        {"organization_id": "lab", "name": "Lab", "country": "US", "source_id": "press-2026"},
    ],
    "source": [{"source_id": "press-2026", "title": "Press of 2026", "url": "https://example.org/press"}],
    "programme": [
        {"programme_id": "lab-campus", "name": "Lab's own campus", "organization_id": "lab"},
        {"programme_id": "lab-cloud", "name": "Lab at Cloud", "organization_id": "lab"},
    ],
    "site": [
        {"site_id": "north", "name": "North", "state": "ND", "country": "US", "operator_id": "cloud"},
        {"site_id": "south", "name": "South", "state": "TX", "country": "US", "operator_id": "cloud"},
        {"site_id": "west", "name": "West", "state": "NV", "country": "US", "operator_id": "cloud"},
    ],
    "deal": [
        {
            "deal_id": "campus", "title": "Campus of 1 GW", "programme_id": "lab-campus", "buyer_id": "lab",
            "seller_id": "cloud", "beneficiary_id": "lab", "layer": "build", "announced_on": "2026-01-10", "status": "announced",
        },
        {
            "deal_id": "campus-first", "title": "First phase of the campus", "programme_id": "lab-campus", "buyer_id": "lab",
            "seller_id": "cloud", "beneficiary_id": "lab", "layer": "build", "announced_on": "2026-02-10", "status": "binding",
            "part_of": "campus",
        },
        {
            "deal_id": "equity", "title": "Cloud invests in Lab", "programme_id": "lab-cloud", "buyer_id": "cloud",
            "seller_id": "lab", "beneficiary_id": "lab", "layer": "equity", "announced_on": "2026-01-20", "status": "closed",
        },
        {
            "deal_id": "rent", "title": "Lab rents from Cloud", "programme_id": "lab-cloud", "buyer_id": "lab",
            "seller_id": "cloud", "beneficiary_id": "lab", "layer": "cloud", "announced_on": "2026-04-15",
            "starts_on": "2026-07-01", "term_years": 5, "status": "binding", "chip_id": "gb300",
        },
    ],
    "statement": [
        {"statement_id": "campus-first.it-power", "deal_id": "campus-first", "measure": "it_power", "amount_best": 400, "unit": "MW"},
        {"statement_id": "campus.it-power", "deal_id": "campus", "measure": "it_power", "amount_best": 1000, "unit": "MW"},
        {"statement_id": "equity.equity", "deal_id": "equity", "measure": "equity", "amount_best": 10e9, "unit": "USD"},
        {"statement_id": "rent.cloud-contract", "deal_id": "rent", "measure": "cloud_contract", "amount_best": 30e9, "unit": "USD"},
        {"statement_id": "rent.it-power", "deal_id": "rent", "measure": "it_power", "amount_best": 500, "unit": "MW"},
    ],
    "milestone": [
        {"milestone_id": "north.begun", "site_id": "north", "on_date": "2025-12-01", "stage": "under_construction", "amount_best": 400},
        {"milestone_id": "north.facility", "site_id": "north", "on_date": "2026-06-01", "stage": "operational",
         "measure": "facility_power", "amount_best": 250},
        {"milestone_id": "north.first", "site_id": "north", "on_date": "2026-03-01", "stage": "operational", "amount_best": 100},
        {"milestone_id": "north.planned", "site_id": "north", "on_date": "2027-01-01", "stage": "planned", "amount_best": 500},
        {"milestone_id": "north.second", "site_id": "north", "on_date": "2026-06-01", "stage": "operational", "amount_best": 200},
        {"milestone_id": "south.planned", "site_id": "south", "on_date": "2027-07-01", "stage": "planned", "amount_best": 300},
        {"milestone_id": "west.ready", "site_id": "west", "on_date": "2026-05-01", "stage": "operational", "amount_best": 80},
    ],
    "claim": [
        {"claim_id": "campus-first.north", "deal_id": "campus-first", "site_id": "north", "share_best": 1},
        {"claim_id": "rent.south", "deal_id": "rent", "site_id": "south", "share_best": 1},
        {"claim_id": "rent.west", "deal_id": "rent", "site_id": "west", "share_best": 0.5},
    ],
}
FACT = {"known_on": "2026-06-30", "source_id": "press-2026"}
DEFAULTS: dict[str, Row] = {
    "statement": {"qualifier": "exact", **FACT},
    "milestone": {"measure": "it_power", "unit": "MW", **FACT},
    "claim": FACT,
}


def write_ledger(folder: Path, **overrides: list[Row]) -> Path:
    """Write a sound ledger into a folder, with rows of some tables changed or added.

    Args:
        folder: where the CSV files go; it is created.
        overrides: rows by the name of their table. A row with the key of a sound one changes the columns that it names;
            any other row is added.

    Returns:
        The folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, sound_rows in SOUND.items():
        table = tables()[name]
        rows = {_key(row, table.primary_key): {**DEFAULTS.get(name, {}), **row} for row in sound_rows}
        for row in overrides.get(name, []):
            key = _key(row, table.primary_key)
            rows[key] = {**rows.get(key, DEFAULTS.get(name, {})), **row}
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, table.columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows[key] for key in sorted(rows))
    return folder


def _key(row: Row, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The key of a row as text."""
    return tuple(str(row[column]) for column in columns)
