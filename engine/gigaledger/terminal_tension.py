"""The back-test on a terminal of 100 columns: pairs that disagree, worst first, then how good the conversions are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from gigaledger.figures import figure, scaled
from gigaledger.terminal import console

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

_QUALIFIERS = {"up_to": "≤ ", "at_least": "≥ ", "about": "~ "}


def print_tension(document: Mapping[str, Any]) -> None:
    """Print the pairs that disagree, those that are not scored, and the summary by pair type."""
    out = console()
    out.print(
        f"[bold]Tension[/bold]  as known on {document['as_of']}, {document['draws']:,} draws, seed {document['seed']}: "
        f"{document['pair_count']} pairs, {document['scored_count']} scored"
    )
    for note in document["notes"]:
        out.print(f"Note: {escape(note)}")
    if not document["pair_count"]:
        out.print("No deal states two quantities that convert into each other, so nothing can be tested.")
        return
    disagreeing = [row for row in document["rows"] if row["agrees"] is False]
    if disagreeing:
        _print_pairs(
            out, "Pairs that disagree, worst first: the first statement, converted, over the second", disagreeing
        )
    unscored = [row for row in document["rows"] if row["agrees"] is None]
    if unscored:
        _print_pairs(out, "Not scored: a ceiling beside a floor", unscored)
    if document["scored_count"]:
        _print_summary(out, document)


def _print_pairs(out: Console, title: str, rows: list[Mapping[str, Any]]) -> None:
    """Print pairs with their ratio and what would have to move."""
    table = Table(box=None, pad_edge=False, padding=(0, 1), title=title, title_justify="left", title_style="bold")
    table.add_column("Deal or site", overflow="fold", max_width=25)
    table.add_column("Stated", overflow="fold", max_width=26)
    table.add_column("Ratio (5 % to 95 %)", justify="right", no_wrap=True)
    table.add_column("To agree", overflow="fold")
    for row in rows:
        table.add_row(
            escape(row["deal_id"] or row["site_id"]),
            f"{stated_side(row, 'a')}\n{stated_side(row, 'b')}",
            ratio_text(row["ratio"]),
            escape(driver_text(row["driver"])),
        )
    out.print()
    out.print(table)


def stated_side(row: Mapping[str, Any], side: str) -> str:
    """One statement of a pair as its source puts it."""
    divisor, unit = scaled(row[f"unit_{side}"], row[f"face_amount_{side}"])
    measure = row[f"measure_{side}"]
    amount = figure(row[f"face_amount_{side}"] / divisor)
    scale = unit.removesuffix(" chips").removesuffix(" USD")
    return f"{_QUALIFIERS.get(row[f'qualifier_{side}'], '')}{amount} {scale} {measure}"


def ratio_text(ratio: Mapping[str, Any]) -> str:
    """`p50 (p05 to p95)` of a ratio."""
    return f"{ratio['p50']:.2f} ({ratio['p05']:.2f}–{ratio['p95']:.2f})"


def driver_text(driver: Mapping[str, Any] | None) -> str:
    """Which assumption would have to move, and by which factor."""
    if driver is None:
        return "nothing that is uncertain"
    if driver["factor"] is None:
        return f"{driver['assumption_id']}: no value would do"
    return f"{driver['assumption_id']} x {figure(driver['factor'])}"


def _print_summary(out: Console, document: Mapping[str, Any]) -> None:
    """Print coverage, factor and width by witness and pair type, and over all."""
    table = Table(
        box=None,
        pad_edge=False,
        padding=(0, 1),
        title="How good the conversions are",
        title_justify="left",
        title_style="bold",
    )
    table.add_column("")
    for heading in ("Pairs", "Inside 5-95 %", "Median factor", "Median width", "Median ratio"):
        table.add_column(heading, justify="right")
    for row in document["summary"]:
        is_total = row["pair_type"] is None
        name = row["witness"] if is_total else f"  {row['pair_type']}"
        table.add_row(name, *_summary_cells(row, row["pair_count"]), style="bold" if is_total else None)
    table.add_row("all", *_summary_cells(document, document["scored_count"]), style="bold")
    out.print()
    out.print(table)
    out.print(
        "factor: the larger of ratio and 1 / ratio; width: 95th over 5th percentile; a 90 % interval should hold 90 %."
    )


def _summary_cells(row: Mapping[str, Any], pair_count: int) -> list[str]:
    """The figures of one line of the summary."""
    ratios = (f"{row[name]:.2f}" for name in ("median_factor", "median_width", "median_ratio"))
    return [f"{pair_count}", f"{row['coverage']:.0%}", *ratios]
