"""Cloud commitments and what was drawn from them, on a terminal of 100 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from gigaledger.figures import figure
from gigaledger.terminal import console, interval_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_THOUSAND = 1e3
_MILLION = 1e6


def print_commitments(balances: Iterable[Mapping[str, Any]]) -> None:
    """Print committed, consumed and remaining dollars, and chips billed beside those that the contract implies."""
    rows = list(balances)
    if not rows:
        return
    out = console()
    out.print()
    out.rule("[bold]Cloud commitments, as billed[/bold]", align="left", style="dim")
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("Commitment", overflow="fold")
    for heading in (
        "Committed\nM USD",
        "Consumed\nM USD",
        "Remaining\nM USD",
        "of term\nused",
        "Chips implied\nk chips",
        "billed\nk chips",
        "USD per\nchip-hour",
    ):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            f"{escape(row['title'])}\n{escape(row['deal_id'])}",
            _scaled(row["committed_usd"], _MILLION),
            f"{_scaled(row['consumed_usd'], _MILLION)}\n{_percent(row['consumed_share'])}",
            _scaled(row["remaining_usd"], _MILLION),
            _percent(row["elapsed_share"]),
            interval_text(row["implied_chips"], _THOUSAND),
            _scaled(row["billed_chips"], _THOUSAND),
            figure(row["billed_usd_per_chip_hour"]),
        )
    out.print(table)
    months = sorted({row["last_billed_month"][:7] for row in rows})
    out.print(f"Billed up to {', '.join(months)}; chips billed: chip-hours of the last billed month over its hours.")


def _scaled(amount: float | None, divisor: float) -> str:
    """An amount over a divisor, or `?`."""
    return figure(None if amount is None else amount / divisor)


def _percent(share: float | None) -> str:
    """A share in per cent, or `?`."""
    return "?" if share is None else f"{share:.0%}"
