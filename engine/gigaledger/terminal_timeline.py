"""The ramp of programmes by quarter on a terminal of 100 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from gigaledger.figures import scaled
from gigaledger.terminal import console, interval_text
from gigaledger.timeline import RAMPS

if TYPE_CHECKING:
    from collections.abc import Mapping

_BAR = 20


def print_timeline(document: Mapping[str, Any]) -> None:
    """Print the quarters of every programme in which something changes."""
    out = console()
    out.print(
        f"[bold]Gigaledger[/bold]  {document['measure']} by quarter, as known on {document['as_of']}, "
        f"{document['draws']:,} draws, seed {document['seed']}; median (5 % to 95 %)"
    )
    for note in document["notes"]:
        out.print(f"Note: {escape(note)}")
    for programme in document["programmes"]:
        out.print()
        out.rule(f"[bold]{escape(programme['name'])}[/bold]", align="left", style="dim")
        quarters = _turning(programme["quarters"])
        if not quarters:
            out.print("No capacity is pledged or identified for this programme.")
            continue
        out.print(_table(quarters))
    out.print(
        "\nBars: running (█) and planned (░), of the larger of pledge and plan. Quarters like the last are left out."
    )


def _turning(quarters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The quarters that differ from the one before, and the last of the past and of all."""
    kept = []
    for place, quarter in enumerate(quarters):
        before = quarters[place - 1] if place else None
        after = quarters[place + 1] if place + 1 < len(quarters) else None
        is_turn = before is None or any(quarter[ramp] != before[ramp] for ramp in RAMPS)
        if is_turn or after is None or quarter["is_actual"] != after["is_actual"]:
            kept.append(quarter)
    return [one for one in kept if any(one[ramp] and one[ramp]["p95"] for ramp in RAMPS)]


def _table(quarters: list[dict[str, Any]]) -> Table:
    """One row per quarter."""
    unit = next(one[ramp]["unit"] for one in quarters for ramp in RAMPS if one[ramp])
    divisor, label = scaled(unit)
    most = max(one[ramp]["p50"] for one in quarters for ramp in RAMPS if one[ramp]) or 1
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("Quarter", no_wrap=True)
    for heading in ("Pledged", "Running", "Running or planned"):
        table.add_column(f"{heading}\n{label}", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for one in quarters:
        running = one["operational"]
        known = [interval_text(one[ramp], divisor) if one[ramp] else "" for ramp in RAMPS]
        planned = (one["operational_or_planned"] or {"p50": 0})["p50"]
        filled = round(_BAR * (running["p50"] if running else 0) / most)
        bar = "█" * filled + "░" * (round(_BAR * planned / most) - filled)
        table.add_row(_name(one["quarter_end"]), *known, bar, style=None if one["is_actual"] else "dim")
    return table


def _name(quarter_end: str) -> str:
    """A quarter such as 2026 Q3."""
    year, month, _ = quarter_end.split("-")
    return f"{year} Q{int(month) // 3}"
