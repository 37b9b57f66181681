"""Small ledgers that tests write as CSV files."""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING

from gigaledger.ledger import Ledger, open_ledger
from gigaledger.schema import tables

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, object]

# Two organisations, three sites, four deals in two programmes; known up to 2026-06-30. Every amount of
# capacity is an exact figure of IT power in megawatts (north states its facility power too), so that totals
# can be worked out by hand. Columns that are the same in every row stand in DEFAULTS.
SOUND = {
    "organization": """\
organization_id,name,country,source_id
cloud,Cloud,US,press-2026
lab,Lab,US,press-2026
""",
    "source": """\
source_id,title,url
press-2026,Press of 2026,https://example.org/press
""",
    "programme": """\
programme_id,name,organization_id
lab-campus,Campus of Lab,lab
lab-cloud,Lab at Cloud,lab
""",
    "site": """\
site_id,name,state,country,operator_id
north,North,ND,US,cloud
south,South,TX,US,cloud
west,West,NV,US,cloud
""",
    "deal": """\
deal_id,programme_id,buyer_id,seller_id,layer,announced_on,starts_on,term_years,status,chip_id,part_of
campus,lab-campus,lab,cloud,build,2026-01-10,,,announced,,
campus-first,lab-campus,lab,cloud,build,2026-02-10,,,binding,,campus
equity,lab-cloud,cloud,lab,equity,2026-01-20,,,closed,,
rent,lab-cloud,lab,cloud,cloud,2026-04-15,2026-07-01,5,binding,gb300,
""",
    "statement": """\
statement_id,deal_id,measure,amount_best,unit
campus-first.it-power,campus-first,it_power,400,MW
campus.it-power,campus,it_power,1000,MW
equity.equity,equity,equity,10000000000,USD
rent.cloud-contract,rent,cloud_contract,30000000000,USD
rent.it-power,rent,it_power,500,MW
""",
    "milestone": """\
milestone_id,site_id,on_date,stage,measure,amount_best
north.begun,north,2025-12-01,under_construction,it_power,400
north.facility,north,2026-06-01,operational,facility_power,250
north.first,north,2026-03-01,operational,it_power,100
north.planned,north,2027-01-01,planned,it_power,500
north.second,north,2026-06-01,operational,it_power,200
south.planned,south,2027-07-01,planned,it_power,300
west.ready,west,2026-05-01,operational,it_power,80
""",
    "claim": """\
claim_id,deal_id,site_id,share_best
campus-first.north,campus-first,north,1
rent.south,rent,south,1
rent.west,rent,west,0.5
""",
}
FACT: Row = {"known_on": "2026-06-30", "source_id": "press-2026"}
DEFAULTS: dict[str, Row] = {
    "deal": {"title": "A deal", "beneficiary_id": "lab"},
    "statement": {"qualifier": "exact", **FACT},
    "milestone": {"measure": "it_power", "unit": "MW", **FACT},
    "claim": FACT,
}


def write_ledger(folder: Path, **overrides: list[Row]) -> Path:
    """Write a sound ledger into a folder, with rows of some tables changed or added.

    Args:
        folder: where the CSV files go; it is created.
        overrides: rows by the name of their table. A row with the key of a sound one changes the columns that
            it names; any other row is added.

    Returns:
        The folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in {**SOUND, **overrides}:
        text = SOUND.get(name, "")
        table = tables()[name]
        rows: dict[tuple[str, ...], Row] = {}
        for row in [*csv.DictReader(text.splitlines()), *overrides.get(name, [])]:
            key = tuple(str(row[column]) for column in table.primary_key)
            rows[key] = {**rows.get(key, DEFAULTS.get(name, {})), **row}
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, table.columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows[key] for key in sorted(rows))
    return folder


@cache
def bundled_ledger() -> Ledger:
    """The bundled ledger with every formula installed, opened once; tests must not change it."""
    return open_whole()


def open_whole(folder: Path | None = None) -> Ledger:
    """Open a ledger, by default the bundled one, with every formula installed."""
    ledger = open_ledger(folder)
    ledger.install("everything")
    return ledger
