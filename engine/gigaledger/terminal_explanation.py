"""The explanation of a deal on a terminal of 100 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from gigaledger.figures import figure, scaled
from gigaledger.terminal import console, interval_text, print_assumptions, source_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console


def print_explanation(document: Mapping[str, Any]) -> None:
    """Print a deal: parties, statements with sources, sites, and the steps to capacity."""
    out = console()
    deal = document["deal"]
    out.print(f"[bold]{escape(deal['title'])}[/bold]  ({escape(deal['deal_id'])}), as known on {document['as_of']}")
    out.print(escape(_parties(deal)))
    if deal["note"]:
        out.print(escape(deal["note"]))
    _print_statements(out, document)
    for part in document["parts"]:
        relation = "is part of" if part["deal_id"] == deal["part_of"] else "contains"
        out.print(f"  {relation}: {escape(part['title'])} ({part['deal_id']}, {part['layer']}, {part['status']})")
    for claim in document["claims"]:
        place = " ".join(part for part in (claim["name"], claim["state"]) if part)
        confidence = claim["confidence"] or "unrated"
        out.print(
            escape(f"  served by: {place}, share {claim['share_best']:.0%}, {confidence}: {claim['evidence'] or ''}")
        )
    if document["bundle"] is None:
        out.print("No statement of capacity: these are facts, and nothing is converted.")
    else:
        _print_derivation(out, document)
    out.print("\n[bold]Sources[/bold]")
    for source in document["sources"]:
        out.print(f"  {source['source_id']}: {escape(source_text(source))}", soft_wrap=True)


def _parties(deal: Mapping[str, Any]) -> str:
    """Who buys from whom for whom, when and how firmly."""
    seller = f" from {deal['seller']}" if deal["seller"] else ""
    is_for_another = deal["beneficiary"] and deal["beneficiary"] != deal["buyer"]
    for_whom = f" for {deal['beneficiary']}" if is_for_another else ""
    programme = f"; programme: {deal['programme_name']}" if deal["programme_name"] else ""
    terms = f"{deal['layer']}, {deal['status']}, announced {deal['announced_on']}"
    return f"{deal['buyer'] or 'unknown'}{seller}{for_whom}; {terms}{programme}"


def _print_statements(out: Console, document: Mapping[str, Any]) -> None:
    """Print the statements of a deal."""
    table = Table(box=None, pad_edge=False, padding=(0, 1), title="stated", title_justify="left", title_style="bold")
    for heading in ("Measure", "Amount", "known", "Source", "Where"):
        table.add_column(
            heading, overflow="fold", justify="right" if heading == "Amount" else "left", no_wrap=heading == "known"
        )
    for row in document["statements"]:
        table.add_row(
            row["measure"],
            stated_amount(row),
            str(row["known_on"]),
            escape(row["source_id"] or "none"),
            escape(row["locator"] or ""),
        )
    out.print(table)


def stated_amount(row: Mapping[str, Any]) -> str:
    """The amount of a statement as its source puts it."""
    divisor, unit = scaled(row["unit"])
    low, best, high = (
        None if row[name] is None else figure(row[name] / divisor)
        for name in ("amount_low", "amount_best", "amount_high")
    )
    match row["qualifier"]:
        case "up_to":
            return f"up to {best or high} {unit}"
        case "at_least":
            return f"at least {best or low} {unit}"
        case "about":
            return f"about {best} {unit}"
        case "range":
            return f"{low} to {high} {unit}"
        case _:
            return f"{best} {unit}"


def _print_derivation(out: Console, document: Mapping[str, Any]) -> None:
    """Print the steps, the results in every measure and the assumptions."""
    bundle = document["bundle"]
    chip = f"{bundle['chip']}{' (assumed)' if bundle['chip_is_assumed'] else ''}"
    year = f"{bundle['year']}{' (assumed: the most likely year)' if bundle['year_is_assumed'] else ''}"
    out.print(f"\n[bold]rated as[/bold] {chip}, delivered {year}")
    for step in document["steps"]:
        divisor, unit = scaled(step.get("unit", ""), step.get("p50"))
        value = (
            figure(step["amount"] / divisor)
            if "amount" in step
            else interval_text(step if "p50" in step else None, divisor)
        )
        out.print(f"  {escape(step['step']):<52} {value} {unit}")
    table = Table(box=None, pad_edge=False, padding=(0, 1), title="worth", title_justify="left", title_style="bold")
    table.add_column("Measure")
    table.add_column("median (5 % to 95 %)", justify="right")
    table.add_column("unit")
    for measure, value in document["results"].items():
        divisor, unit = scaled(value["unit"], value["p50"]) if value else (1, "")
        table.add_row(measure, interval_text(value, divisor), unit)
    out.print(table)
    print_assumptions(out, document["assumptions"], document["variance_of"])
