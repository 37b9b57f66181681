"""Two answers side by side on a terminal of 100 columns: with and without changed assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from gigaledger.comparison import results
from gigaledger.figures import figure, scaled
from gigaledger.terminal import console, interval_text

if TYPE_CHECKING:
    from collections.abc import Mapping


def print_comparison(title: str, document: Mapping[str, Any]) -> None:
    """Print what was changed, and every measure without and with the change."""
    out = console()
    out.print(f"[bold]{escape(title)}[/bold], without and with --set; median (5 % to 95 %)")
    for name, (low, best, high) in document["settings"].items():
        out.print(f"  {escape(name)} = {figure(best)} ({figure(low)} to {figure(high)})")
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("Measure")
    for heading in ("without", "with", "median", "width"):
        table.add_column(heading, justify="right")
    table.add_column("unit")
    after = results(document["with"])
    for measure, value in results(document["without"]).items():
        change = document["changes"][measure]
        if value is None or change is None:
            table.add_row(measure, interval_text(value), interval_text(after.get(measure)), "", "", "")
            continue
        divisor, unit = scaled(value["unit"], value["p50"])
        widths = f"{_times(change['width_without'])} to {_times(change['width_with'])}"
        sides = (interval_text(side, divisor) for side in (value, after[measure]))
        table.add_row(measure, *sides, f"x {_times(change['median_ratio'])}", widths, unit)
    out.print(table)
    out.print("median: with over without; width: 95th over 5th percentile.")


def _times(ratio: float | None) -> str:
    """A ratio with two decimals."""
    return "?" if ratio is None else f"{ratio:.2f}"
