"""Many programmes on a terminal of 100 columns: one line of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from gigaledger.figures import scaled
from gigaledger.terminal import console, interval_text

if TYPE_CHECKING:
    from collections.abc import Mapping


def print_overview(document: Mapping[str, Any]) -> None:
    """Print pledge, identified stages and remainder of every programme, and how often its pledge is met."""
    out = console()
    out.print(
        f"[bold]Gigaledger[/bold]  {len(document['programmes']):,} programmes in {document['measure']}, as known on "
        f"{document['as_of']}, {document['draws']:,} draws, seed {document['seed']}"
    )
    out.print("Medians; the remainder with 5 % to 95 %.")
    for note in document["notes"]:
        out.print(f"Note: {escape(note)}")
    unit = next((one["pledged"]["unit"] for one in document["programmes"] if one["pledged"]), "")
    divisor, label = scaled(unit)
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("Programme", overflow="fold", max_width=30)
    for heading in ("Pledged", "Operational", "Constr.", "Planned", "Unidentified"):
        table.add_column(f"{heading}\n{label}".rstrip(), justify="right", no_wrap=True)
    table.add_column("Met", justify="right", no_wrap=True)
    for one in document["programmes"]:
        chance = one["is_met_probability"]
        medians = (
            interval_text(value and {**value, "p05": value["p50"], "p95": value["p50"]}, divisor)
            for value in (one[account] for account in ("pledged", "operational", "under_construction", "planned"))
        )
        table.add_row(
            escape(one["programme_id"]),
            *medians,
            interval_text(one["unidentified"], divisor),
            "" if chance is None else f"{chance:.0%}",
        )
    out.print()
    out.print(table)
    out.print("\nMet: share of the draws in which what is identified meets the pledge.")
    out.print("One programme with its sites and sources: gigaledger reconcile PROGRAMME. Everything: --json.")
