"""Tables and sentences for a terminal of 100 columns."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gigaledger.figures import figure, interval_figure, scaled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WIDTH = 100
_LABELS = {
    "pledged": "Pledged",
    "operational": "Operational",
    "under_construction": "Under construction",
    "planned": "Planned",
    "unidentified": "Unidentified",
}
_MEASURE_NAMES = {
    "chips": "Chips",
    "compute": "H100e (8-bit)",
    "compute_bf16": "H100e (16-bit)",
    "it_power": "IT power",
    "total_capex": "Total capex",
}


def console() -> Console:
    """A console of the terminal's width, at most 100 columns; plain text when the output is no terminal."""
    probe = Console()
    width = min(probe.width, WIDTH) if sys.stdout.isatty() else WIDTH
    return Console(width=width, highlight=False, soft_wrap=False, emoji=False)


def interval_text(value: Mapping[str, Any] | None, divisor: float | None = None) -> str:
    """`p50 (p05–p95)` of an interval in the scale of its unit, or `?`."""
    if value is None:
        return "?"
    return interval_figure(value, divisor or scaled(value["unit"])[0])


def measure_heading(measure: str, unit: str) -> str:
    """The heading of a column of amounts."""
    return f"{_MEASURE_NAMES.get(measure, measure)}\n{scaled(unit)[1]}"


def print_reconciliation(document: Mapping[str, Any]) -> None:
    """Print the reconciliation of every programme, its sites by state with sources, and what the remainder means."""
    out = console()
    out.print(
        f"[bold]Gigaledger[/bold]  as known on {document['as_of']}, {document['draws']:,} draws, "
        f"seed {document['seed']}; median (5 % to 95 %)"
    )
    for note in document["notes"]:
        out.print(f"Note: {escape(note)}")
    cited: dict[str, int] = {}
    for programme in document["programmes"]:
        _print_programme(out, programme, cited)
    if document["commitments"]:
        from gigaledger.terminal_commitments import print_commitments

        print_commitments(document["commitments"])
    _print_sources(out, document, cited)


def _print_programme(out: Console, programme: Mapping[str, Any], cited: dict[str, int]) -> None:
    """Print one programme."""
    out.print()
    out.rule(f"[bold]{escape(programme['name'])}[/bold]", align="left", style="dim")
    out.print(escape(programme["programme_id"]), style="dim")
    if programme["description"]:
        out.print(escape(programme["description"]))
    pledges = Table.grid(padding=(0, 1))
    for pledge in programme["pledges"]:
        pledges.add_row("  pledge:", escape(pledge_text(pledge)))
    out.print(pledges)
    measures = programme["measures"]
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("", no_wrap=True)
    for name, accounts in measures.items():
        unit = next((accounts[key]["unit"] for key in _LABELS if accounts[key]), "")
        table.add_column(measure_heading(name, unit), justify="right", no_wrap=True)
    for account, label in _LABELS.items():
        style = "bold" if account == "unidentified" else None
        table.add_row(label, *(interval_text(accounts[account]) for accounts in measures.values()), style=style)
    out.print(table)
    out.print(remainder_sentence(programme))
    if programme["identified_cost"]:
        out.print(cost_sentence(programme["identified_cost"]))
    if programme["sites"]:
        _print_sites(out, programme, cited)


def _print_sites(out: Console, programme: Mapping[str, Any], cited: dict[str, int]) -> None:
    """Print the sites of a programme by state."""
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    unit = next(
        (site[stage]["unit"] for site in programme["sites"] for stage in ("operational", "planned") if site[stage]), ""
    )
    for heading in ("State", "Site"):
        table.add_column(heading, overflow="fold")
    for heading in ("Operational", "Under constr.", "Planned"):
        table.add_column(f"{heading}\n{scaled(unit)[1]}".rstrip(), justify="right", no_wrap=True)
    table.add_column("Share", justify="right")
    table.add_column("Sources", justify="right")
    for site in programme["sites"]:
        numbers = [cited.setdefault(source["source_id"], len(cited) + 1) for source in site["sources"]]
        share = site["claim"]["share_best"]
        table.add_row(
            escape(site["state"] or site["country"] or ""),
            escape(site["name"]),
            *(interval_text(site[stage]) for stage in ("operational", "under_construction", "planned")),
            f"{share:.0%}" if share is not None else "",
            ", ".join(str(number) for number in numbers),
        )
    out.print(table)


def _print_sources(out: Console, document: Mapping[str, Any], cited: Mapping[str, int]) -> None:
    """Print the sources that the site tables cite."""
    known = {
        source["source_id"]: source
        for programme in document["programmes"]
        for site in programme["sites"]
        for source in site["sources"]
    }
    if cited:
        out.print("\n[bold]Sources[/bold]")
    for source_id, number in cited.items():
        out.print(f"{number:>4}. {escape(source_text(known[source_id]))}", soft_wrap=True)


def source_text(source: Mapping[str, Any]) -> str:
    """A source as publisher, title and address."""
    publisher = f"{source['publisher']}: " if source["publisher"] else ""
    return f"{publisher}{source['title']}. {source['url'] or ''}".rstrip()


def pledge_text(pledge: Mapping[str, Any]) -> str:
    """A pledge as its source states it."""
    divisor, unit = scaled(pledge["unit"])
    words = {"up_to": "up to ", "at_least": "at least ", "about": "about "}.get(pledge["qualifier"], "")
    measure = "" if pledge["measure"] == "chips" else f" {pledge['measure']}"
    return f"{pledge['title']}: {words}{figure(pledge['face_amount'] / divisor)} {unit}{measure} ({pledge['status']})"


def remainder_sentence(programme: Mapping[str, Any]) -> str:
    """One sentence on what the remainder means."""
    remainder = programme["unidentified"]
    if remainder is None:
        return "No capacity is stated for this programme, so nothing can be reconciled."
    _, unit = scaled(remainder["unit"])
    amount = f"{interval_text(remainder)} {unit}"
    reasons = {
        "within_interval": "The sites may already cover the pledge: zero lies inside the interval of the remainder, "
        f"{amount}",
        "over_identified": f"More is identified than was pledged: the remainder is {amount}",
        "site_without_figure": f"{amount} has no figure yet: a site is known, but its capacity is not",
        "unsited": f"{amount} is pledged, but no site is known for it",
    }
    drivers = [row["assumption_id"] for row in programme["drivers"][:2]]
    told = f"; what is uncertain is above all {' and '.join(drivers)}" if drivers else ""
    chance = f" The pledge is met by what is identified in {programme['is_met_probability']:.0%} of the draws."
    return f"{reasons[programme['reason']]}{told}.{chance}"


_VERDICTS = {
    "within_total_capex": "as a whole data centre with its chips costs",
    "within_site_capex": "as land, shell, power and cooling alone cost",
    "below_site_capex": "less than land, shell, power and cooling alone cost",
    "between_site_and_total_capex": "more than the site alone and less than all of it costs",
    "above_total_capex": "more than all of it costs: some of the money has no site yet",
}


def cost_sentence(cost: Mapping[str, Any]) -> str:
    """One sentence on what the pledged dollars come to per megawatt that is identified."""
    million = 1e6
    verdict = _VERDICTS.get(cost["verdict"], "but some deals state no dollars")
    ranges = (
        f"{figure(cost[name]['p05'] / million)}–{figure(cost[name]['p95'] / million)}"
        for name in ("site_capex_usd_per_it_mw", "total_capex_usd_per_it_mw")
    )
    return (
        f"The dollars pledged per megawatt of IT identified: {interval_text(cost['usd_per_it_mw'], million)} M USD, "
        f"{verdict} (5 to 95 %: site {next(ranges)}, in all {next(ranges)})."
    )


def print_conversion(document: Mapping[str, Any]) -> None:
    """Print a conversion: the amount, the result in every measure asked, and what it rests on."""
    out = console()
    stated = document["from"]
    ends = [stated[name] for name in ("amount_low", "amount_best", "amount_high") if stated[name] is not None]
    year = f"delivered {stated['year']}" if stated["year"] else "delivery year assumed"
    divisor, unit = scaled(stated["unit"], ends[-1])
    words = {"up_to": "up to ", "at_least": "at least ", "about": "about "}.get(stated["qualifier"], "")
    amount = " to ".join(figure(end / divisor) for end in ends)
    out.print(f"{words}{amount} {unit}, read as {stated['measure']}; {stated['chip']}, {year}")
    for sentence in document["assumed"]:
        out.print(f"  assumed: {escape(sentence)}")
    results = {document["to"]["measure"]: document["to"]} if "measure" in document["to"] else document["to"]
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("Measure")
    for heading in ("5 %", "median", "95 %", "mean"):
        table.add_column(heading, justify="right")
    table.add_column("unit")
    for measure, value in results.items():
        if value is None:
            table.add_row(measure, "?", "?", "?", "?", "unknown")
            continue
        divisor, unit = scaled(value["unit"], value["p50"])
        table.add_row(measure, *(figure(value[name] / divisor) for name in ("p05", "p50", "p95", "mean")), unit)
    out.print(table)
    print_assumptions(out, document["assumptions"], document["variance_of"])


def print_assumptions(out: Console, assumptions: Iterable[Mapping[str, Any]], of_measure: str, most: int = 12) -> None:
    """Print the assumptions that matter most, with their share of the variance of a measure and their source."""
    rows = list(assumptions)
    if not rows:
        return
    title = f"rests on (variance: first-order share of that of {of_measure})"
    table = Table(box=None, pad_edge=False, padding=(0, 1), title=title, title_justify="left", title_style="bold")
    table.add_column("Assumption", overflow="fold")
    table.add_column("5 – 50 – 95 %", justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    table.add_column("var.", justify="right", no_wrap=True)
    table.add_column("source", justify="right", no_wrap=True)
    cited: dict[str, int] = {}
    for row in rows[:most]:
        scope = " ".join(part for part in (row["applies_to"], row["year"]) if part != "*")
        values = " – ".join(figure(row[name]) for name in ("low", "best", "high"))
        number = cited.setdefault(row["source_id"], len(cited) + 1) if row["source_id"] else ""
        name = f"{row['assumption_id']} for {scope}" if scope else row["assumption_id"]
        table.add_row(name, values, row["unit"], f"{row['variance_share']:.0%}", str(number))
    out.print(table)
    if len(rows) > most:
        out.print(f"  and {len(rows) - most} more (--json lists all)")
    titles = {row["source_id"]: f"{row['source_title']}. {row['source_url'] or ''}" for row in rows}
    for source_id, number in cited.items():
        out.print(f"{number:>4}. {escape(titles[source_id])}", soft_wrap=True)
