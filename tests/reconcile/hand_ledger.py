"""A ledger small enough to be worked out by hand: three sites, two deals, one overlap."""

from __future__ import annotations

import csv
import datetime as dt
from typing import TYPE_CHECKING, Any

from gigaledger.ledger import Ledger, open_ledger
from gigaledger.reconciliation import reconcile
from gigaledger.schema import tables

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]
Rows = dict[str, list[Row]]

AS_OF = dt.date(2026, 6, 30)
# Spreads that are easy to follow. Uniform: the 5th, 50th and 95th percentile are the three numbers.
SETTINGS = {
    "about_factor": (0.9, 1.0, 1.1),
    "at_least_overshoot": (1.0, 1.1, 1.5),
    "planned_horizon_years": (2.0, 2.0, 2.0),
    "up_to_realised_share": (0.5, 0.8, 0.9),
}
PARTY = {"buyer_id": "lab", "seller_id": "landlord", "beneficiary_id": "lab", "announced_on": "2025-05-01"}

# All amounts in MW of IT power, all exact, so that no rate enters. Everything is known by 2026-06-30.
#
#   site     state  under construction   operational                          planned
#   north    TX     400 since 2025-06-01  100 since 2026-01-01, 250 since 05-01  600 for 2027-01-01
#   shared   NY     -                     120 since 2026-03-01                   200 for 2027-06-01
#   east     TX     50 since 2026-02-01   -                                      -
#
#   deal     programme  pledge   claims
#   build    texas      1,000    all of north, half of shared, 80 % of east
#   rent     cloud        300    the other half of shared
FACTS: Rows = {
    "organization": [{"organization_id": "lab", "name": "Lab"}, {"organization_id": "landlord", "name": "Landlord"}],
    "source": [{"source_id": "press", "title": "Press", "publisher": "Lab", "url": "https://example.org/press"}],
    "programme": [
        {"programme_id": "cloud", "name": "Lab rents", "organization_id": "lab"},
        {"programme_id": "texas", "name": "Lab builds", "organization_id": "lab", "states": "NY;TX"},
    ],
    "deal": [
        {
            "deal_id": "build",
            "title": "Build",
            "programme_id": "texas",
            "layer": "build",
            "status": "announced",
            **PARTY,
        },
        {"deal_id": "rent", "title": "Rent", "programme_id": "cloud", "layer": "build", "status": "binding", **PARTY},
    ],
    "statement": [
        {"statement_id": "build.power", "deal_id": "build", "amount_best": 1000, "known_on": "2025-05-01"},
        {"statement_id": "rent.power", "deal_id": "rent", "amount_best": 300, "known_on": "2025-05-01"},
    ],
    "site": [
        {"site_id": "east", "name": "East", "state": "TX", "country": "US"},
        {"site_id": "north", "name": "North", "state": "TX", "country": "US"},
        {"site_id": "shared", "name": "Shared", "state": "NY", "country": "US"},
    ],
    "milestone": [
        {
            "milestone_id": "east.begun",
            "site_id": "east",
            "on_date": "2026-02-01",
            "stage": "under_construction",
            "amount_best": 50,
        },
        {
            "milestone_id": "north.1",
            "site_id": "north",
            "on_date": "2026-01-01",
            "stage": "operational",
            "amount_best": 100,
        },
        {
            "milestone_id": "north.2",
            "site_id": "north",
            "on_date": "2026-05-01",
            "stage": "operational",
            "amount_best": 250,
        },
        {
            "milestone_id": "north.begun",
            "site_id": "north",
            "on_date": "2025-06-01",
            "stage": "under_construction",
            "amount_best": 400,
        },
        {
            "milestone_id": "north.planned",
            "site_id": "north",
            "on_date": "2027-01-01",
            "stage": "planned",
            "amount_best": 600,
        },
        {
            "milestone_id": "shared.1",
            "site_id": "shared",
            "on_date": "2026-03-01",
            "stage": "operational",
            "amount_best": 120,
        },
        {
            "milestone_id": "shared.planned",
            "site_id": "shared",
            "on_date": "2027-06-01",
            "stage": "planned",
            "amount_best": 200,
        },
    ],
    "claim": [
        {"claim_id": "build.east", "deal_id": "build", "site_id": "east", "share_best": 0.8},
        {"claim_id": "build.north", "deal_id": "build", "site_id": "north", "share_best": 1},
        {"claim_id": "build.shared", "deal_id": "build", "site_id": "shared", "share_best": 0.5},
        {"claim_id": "rent.shared", "deal_id": "rent", "site_id": "shared", "share_best": 0.5},
    ],
}
DEFAULTS: Rows = {
    "statement": [{"measure": "it_power", "unit": "MW", "qualifier": "exact", "source_id": "press"}],
    "milestone": [{"measure": "it_power", "unit": "MW", "known_on": "2026-06-01", "source_id": "press"}],
    "claim": [{"known_on": "2026-06-30", "source_id": "press"}],
}


def changed(**changes: list[Row]) -> Rows:
    """The facts with rows changed or added by their key; a row with only its key and `drop` is left out."""
    rows: Rows = {}
    for name, facts in FACTS.items():
        key = tables()[name].primary_key[0]
        default = DEFAULTS.get(name, [{}])[0]
        by_key = {row[key]: {**default, **row} for row in facts}
        for row in changes.get(name, []):
            by_key[row[key]] = {**by_key.get(row[key], default), **row}
        rows[name] = [by_key[one] for one in sorted(by_key) if not by_key[one].pop("drop", False)]
    return rows


def open_hand(folder: Path, rows: Rows | None = None) -> Ledger:
    """Write rows, or the facts as they stand, and open them with the spreads of this module."""
    for name, facts in (rows if rows is not None else changed()).items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, tables()[name].columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(facts)
    return open_ledger(folder, settings=SETTINGS)


def programme(ledger: Ledger, name: str, *, as_of: dt.date = AS_OF, measure: str = "it_power") -> Row:
    """The reconciliation of one programme."""
    return reconcile(ledger, name, as_of=as_of, measure=measure)["programmes"][0]


def interval(account: Row | None) -> tuple[float, float, float] | None:
    """5th, 50th and 95th percentile, rounded to what a hand calculation gives."""
    if account is None:
        return None
    return tuple(round(account[name], 6) for name in ("p05", "p50", "p95"))


def figures(found: Row) -> dict[str, float | None]:
    """The accounts of a programme, site or state whose amounts are certain, so that every percentile is the mean."""
    accounts = {}
    for name in ("pledged", "operational", "under_construction", "planned", "unidentified"):
        if name in found and found[name] is not None:
            low, middle, high = interval(found[name])
            assert low == middle == high == round(found[name]["mean"], 6), name
            accounts[name] = middle
        elif name in found:
            accounts[name] = None
    return accounts
