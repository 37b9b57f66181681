"""Totals by group on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from gigaledger.figures import figure, scaled
from gigaledger.terminal import console

if TYPE_CHECKING:
    from gigaledger.aggregation.plan import Plan

MOST_ROWS = 60


def print_aggregate(plan: Plan) -> None:
    """Print the result of an aggregation, and the rows that were set aside."""
    out = console()
    result = plan.result
    keys = [name for name in result.columns if name in plan.question.key_names]
    out.print(
        f"{plan.row_count:,} rows in {plan.buckets.height:,} buckets; "
        f"{plan.rates.draw_count:,} draws, seed {plan.rates.seed}"
    )
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    for name in (*keys, "measure"):
        table.add_column(escape(name))
    for heading in ("5 %", "median", "95 %", "mean"):
        table.add_column(heading, justify="right")
    table.add_column("unit")
    for record in result.head(MOST_ROWS).to_dicts():
        table.add_row(*(_key_text(record, key) for key in keys), record["measure"], *_amount_cells(record))
    out.print(table)
    if result.height > MOST_ROWS:
        out.print(f"  and {result.height - MOST_ROWS:,} more rows (--json lists all)")
    aside = plan.set_aside
    if not aside.is_empty():
        out.print(f"Set aside: {int(aside['row_count'].sum()):,} rows that cannot be rated")
        for record in aside.head(MOST_ROWS).to_dicts():
            out.print(f"  {record['row_count']:,}: {escape(record['reason'])}")


def _key_text(record: dict[str, Any], key: str) -> str:
    """A key of a row; that of a subtotal over the key is `all`."""
    if record[key] is None:
        is_total = "grouped_by" in record and key not in record["grouped_by"].split(",")
        return "all" if is_total else "(none)"
    return escape(str(record[key]))


def _amount_cells(record: dict[str, Any]) -> list[str]:
    """The percentiles and the mean of a row in the scale of their unit."""
    if record["amount_p50"] is None:
        return ["?"] * 4 + [record["unit"]]
    divisor, unit = scaled(record["unit"], record["amount_p50"])
    return [*(figure(record[f"amount_{name}"] / divisor) for name in ("p05", "p50", "p95", "mean")), unit]
