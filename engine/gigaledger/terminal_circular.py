"""Money that goes round, on a terminal of 100 columns: pairs, the largest circulation, who lies on it, implied legs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from gigaledger.figures import figure
from gigaledger.terminal import console, interval_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

BILLION = 1e9
MOST_ROWS = 12
MOST_CYCLES = 12


def print_circular(document: Mapping[str, Any]) -> None:
    """Print the pairs, the circulation, its parties, and what cloud contracts buy in chips."""
    out = console()
    out.print(
        f"[bold]Circular flows[/bold]  as known on {document['as_of']}, B USD at face value, each dollar counted once"
    )
    for note in document["notes"]:
        out.print(f"Note: {escape(note)}")
    if not document["pairs"]:
        out.print("No deal says that one party pays another, so nothing can go round.")
        return
    _print_pairs(out, document)
    _print_circulation(out, document["circulation"])
    _print_parties(out, document)
    _print_implied(out, document)


def _table(title: str, *headings: str, names: int = 1) -> Table:
    """A table without lines: columns of names, then columns of figures."""
    table = Table(box=None, pad_edge=False, padding=(0, 1), title=title, title_justify="left", title_style="bold")
    for place, heading in enumerate(headings):
        if place < names:
            table.add_column(heading, overflow="fold")
        else:
            table.add_column(heading, justify="right", no_wrap=True)
    return table


def _billions(amount: float) -> str:
    """Dollars in billions."""
    return figure(amount / BILLION)


def _print_pairs(out: Console, document: Mapping[str, Any]) -> None:
    """Print the pairs between which money goes both ways."""
    both = [row for row in document["pairs"] if row["is_circular"]]
    one_way = len(document["pairs"]) - len(both)
    if both:
        table = _table(
            "Money both ways: what the party invested, and what the counterparty buys from it",
            "Party", "Counterparty", "Deals", "Since", "Invested", "Bought back", "Net", "Net, weighted", names=2,
        )  # fmt: skip
        for row in both:
            table.add_row(
                escape(row["party"] or row["party_id"]),
                escape(row["counterparty"] or row["counterparty_id"]),
                f"{len(row['deals'])}",
                str(row["first_announced_on"])[:7],
                *(_billions(row[key]) for key in ("invested_usd", "bought_back_usd", "net_usd", "net_weighted_usd")),
            )
        out.print()
        out.print(table)
    out.print(f"  and {one_way} pairs between which money goes one way (--json lists all, with their deals)")


def _print_circulation(out: Console, circulation: Mapping[str, Any]) -> None:
    """Print the totals of the largest circulation and the cycles that make it up."""
    weighted, implied = circulation["weighted"], circulation["with_implied"]
    out.print(
        f"\n[bold]Largest circulation[/bold]  {_billions(circulation['total_usd'])} of "
        f"{_billions(circulation['paid_usd'])} B USD can come back to where they started; weighted by status "
        f"{_billions(weighted['total_usd'])} of {_billions(weighted['paid_usd'])}; with implied chip purchases "
        f"{_billions(implied['total_usd'])} of {_billions(implied['paid_usd'])}"
    )
    cycles = sorted(circulation["cycles"], key=lambda one: -one["usd"])
    for cycle in cycles[:MOST_CYCLES]:
        parties = [escape(party) for party in cycle["party_ids"]]
        out.print(f"  {_billions(cycle['usd']):>5}  {' → '.join([*parties, parties[0]])}")
    if len(cycles) > MOST_CYCLES:
        out.print(f"  and {len(cycles) - MOST_CYCLES} smaller cycles")


def _print_parties(out: Console, document: Mapping[str, Any]) -> None:
    """Print the parties on the circulation: what of their payments returns, and through whom."""
    rows = [row for row in document["parties"] if row["returns_usd"] > 0]
    if not rows:
        return
    table = _table(
        "Who lies on it: what each party pays, and what of it returns, through whom",
        "Party", "Through", "Pays", "Invested", "Returns", "Share", "Alone at most", names=2,
    )  # fmt: skip
    for row in rows[:MOST_ROWS]:
        through = ", ".join(f"{one['party_id']} {_billions(one['usd'])}" for one in row["pays_through"])
        table.add_row(
            escape(row["name"] or row["party_id"]),
            escape(through),
            *(_billions(row[key]) for key in ("paid_usd", "invested_usd", "returns_usd")),
            f"{row['returns_share']:.0%}",
            _billions(row["returns_at_most_usd"]),
        )
    out.print()
    out.print(table)
    if len(rows) > MOST_ROWS:
        out.print(f"  and {len(rows) - MOST_ROWS} smaller ones")


def _print_implied(out: Console, document: Mapping[str, Any]) -> None:
    """Print what the largest cloud contracts buy in chips."""
    rows = sorted(document["implied"], key=lambda row: -row["amount"]["mean"])
    if not rows:
        return
    table = _table(
        "Implied, not stated: chips that cloud contracts buy, by the rates; median (5 % to 95 %)",
        "Contract", "From", "To", "Contract", "Chips", "Share", names=3,
    )  # fmt: skip
    for row in rows[:MOST_ROWS]:
        table.add_row(
            f"{escape(row['deal_id'])}{' (chip assumed)' if row['chip_is_assumed'] else ''}",
            escape(row["payer_id"]),
            escape(row["payee_id"]),
            _billions(row["contract_usd"]),
            interval_text(row["amount"]),
            f"{row['contract_share']['p50']:.0%}",
        )
    out.print()
    out.print(table)
    if len(rows) > MOST_ROWS:
        out.print(f"  and {len(rows) - MOST_ROWS} smaller ones (--json lists all)")
