"""The report of a bill for the terminal: its totals, its accelerators, what was drawn down, what was set aside."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from gigaledger.terminal import console

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN = 8


def print_bill(report: Mapping[str, Any]) -> None:
    """Print the report of `gigaledger import focus`."""
    out = console()
    for file in report["files"]:
        version = f", FOCUS {file['version']}" if file["dataset"] == "Cost and Usage" else ""
        out.print(f"{escape(file['file'])}: {file['dataset']}{version}")
    out.print(f"{report['rows']:,} charges")
    _print_totals(report)
    _print_accelerators(report)
    _print_drawn(report)
    for row in report["set_aside"][:SHOWN]:
        what = f"{row['what']}: " if row["what"] else ""
        dollars = _dollars(row["effective_cost"])
        out.print(escape(f"Set aside, {row['rows']:,} rows, {dollars} {row['currency']}: {what}{row['reason']}"))
    if len(report["set_aside"]) > SHOWN:
        out.print(f"  and {len(report['set_aside']) - SHOWN:,} more; --json lists all")
    out.print("Written: " + (", ".join(report["written"]) or "nothing, the ledger says all of it already"))


def _print_totals(report: Mapping[str, Any]) -> None:
    """Every charge of the bill by currency and category, to the cent."""
    table = _table("Category", "Currency")
    for heading in ("rows", "billed", "effective"):
        table.add_column(heading, justify="right")
    sums: defaultdict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    for row in report["totals"]:
        figures = [Decimal(row["rows"]), Decimal(row["billed_cost"] or 0), Decimal(row["effective_cost"] or 0)]
        currency = row["currency"] or "?"
        sums[currency] = [a + b for a, b in zip(sums[currency], figures, strict=True)]
        table.add_row(row["category"], currency, *_in_columns(figures))
    for currency, figures in sums.items():
        table.add_row("[bold]all[/bold]", currency, *_in_columns(figures))
    console().print(table)


def _print_accelerators(report: Mapping[str, Any]) -> None:
    """The machines with chips."""
    if not report["accelerators"]:
        return
    table = _table("Instance", "Chip", "Currency")
    for heading in ("rows", "chip-hours", "effective"):
        table.add_column(heading, justify="right")
    for row in report["accelerators"]:
        hours = f"{row['chip_hours']:,.1f}" if row["chip_hours"] is not None else "?"
        name = escape(row["instance_type"])
        currency = row["currency"] or "?"
        table.add_row(name, row["chip_id"], currency, f"{row['rows']:,}", hours, _dollars(row["effective_cost"]))
    console().print(table)


def _print_drawn(report: Mapping[str, Any]) -> None:
    """What was drawn from each commitment, all months together."""
    drawn: defaultdict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 2)
    for row in report["consumption"]:
        drawn[row["deal_id"]][row["measure"] == "chip_hours"] += Decimal(row["amount"])
    out = console()
    for deal_id, (dollars, hours) in sorted(drawn.items(), key=lambda one: -one[1][0])[:SHOWN]:
        out.print(escape(f"Drawn from {deal_id}: {dollars:,.2f} USD, {hours:,.1f} chip-hours"))
    if len(drawn) > SHOWN:
        out.print(f"  and {len(drawn) - SHOWN:,} more commitments; --json lists all")


def _table(*headings: str) -> Table:
    """A table without lines."""
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    for heading in headings:
        table.add_column(heading)
    return table


def _in_columns(figures: list[Decimal]) -> list[str]:
    """Rows, billed and effective cost as they are shown."""
    return [f"{figures[0]:,.0f}", f"{figures[1]:,.2f}", f"{figures[2]:,.2f}"]


def _dollars(amount: str | None) -> str:
    """An exact amount to the cent."""
    return f"{Decimal(amount or 0):,.2f}"
