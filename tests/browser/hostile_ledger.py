"""A small ledger whose names, notes and addresses are written to do harm in a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledgers import write_ledger

if TYPE_CHECKING:
    from pathlib import Path

# Each sets `window.harm` if it is ever read as anything but text.
HARM = (
    "<script>window.harm=1</script>",
    "</script><script>window.harm=2</script>",
    "<img src=x onerror=window.harm=3>",
    "\"' onmouseover='window.harm=4' x=\"",
    "<!--<script>",
    "{{ 7 * 7 }} ${window.harm=5}",
    "Right\u202eto left\u202c and \u2028 another line",
    "=HYPERLINK(1)",
)
TEXT = " ".join(HARM)
ADDRESS = "javascript:window.harm=6"


def write_hostile_ledger(folder: Path) -> Path:
    """Write it; every text of every table is hostile, and the source's address is a program."""
    return write_ledger(
        folder,
        organization=[{"organization_id": one, "name": f"{one} {TEXT}"} for one in ("cloud", "lab")],
        source=[{"source_id": "press-2026", "title": f"Press {TEXT}", "publisher": TEXT, "url": ADDRESS}],
        programme=[
            {"programme_id": one, "name": f"{one} {TEXT}", "description": TEXT} for one in ("lab-campus", "lab-cloud")
        ],
        site=[
            {"site_id": "north", "name": f"North {TEXT}", "note": TEXT, "latitude": 47.5, "longitude": -100.5},
            {"site_id": "south", "name": f"South {TEXT}", "note": TEXT, "latitude": 31.2, "longitude": -99.1},
        ],
        deal=[{"deal_id": one, "title": f"Deal {TEXT}", "note": TEXT} for one in ("campus", "campus-first", "rent")],
        statement=[{"statement_id": "campus.it-power", "deal_id": "campus", "locator": TEXT}],
        claim=[{"claim_id": "campus-first.north", "deal_id": "campus-first", "evidence": TEXT}],
    )
