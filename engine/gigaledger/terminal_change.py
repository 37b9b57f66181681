"""The change of a reconciliation between two days on a terminal of 100 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from gigaledger.figures import figure, scaled
from gigaledger.terminal import console

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

ACCOUNTS = ("pledged", "operational", "under_construction", "planned", "unidentified")
STEP_WORDS = {
    "passage_of_time": "time passed",
    "revised_fact": "revised",
    "new_fact": "new",
    "changed_assumption": "assumption",
}
# Facts told under a part; --json lists all.
FACTS_SHOWN = 4


def print_change(document: Mapping[str, Any]) -> None:
    """Print what changed by programme: accounts before and after, the parts between, their facts; and what slipped."""
    out = console()
    out.print(
        f"[bold]Gigaledger[/bold]  change from {document['from']} to {document['to']}, {document['measure']}, "
        f"{document['draws']:,} draws, seed {document['seed']}; means, which add up"
    )
    for note in document["notes"]:
        out.print(f"Note: {escape(note)}")
    cited: dict[str, str] = {}
    for programme in document["programmes"]:
        _print_programme(out, document, programme, cited)
    if not document["programmes"]:
        out.print("\nNothing changed.")
    _print_slips(out, document["slips"], cited)
    if cited:
        out.print("\n[bold]Sources[/bold]")
    for number, text in enumerate(cited.values(), 1):
        out.print(f"{number:>4}. {escape(text)}", soft_wrap=True)


def _print_programme(
    out: Console, document: Mapping[str, Any], programme: Mapping[str, Any], cited: dict[str, str]
) -> None:
    """Print one programme."""
    out.print()
    out.rule(f"[bold]{escape(programme['name'])}[/bold]", align="left", style="dim")
    out.print(escape(programme["programme_id"]), style="dim")
    unit = next(value["unit"] for value in programme["after"].values() if value)
    divisor, label = scaled(unit)
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("")
    table.add_column(f"[dim]{label}[/dim]", overflow="fold", max_width=34)
    for heading in ("Pledged", "Operat.", "Constr.", "Planned", "Unident."):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_row(document["from"], "", *_cells(programme["before"], divisor), style="bold")
    for part in programme["parts"]:
        table.add_row(STEP_WORDS[part["kind"]], escape(part["name"]), *_cells(part, divisor, is_change=True))
    table.add_row(document["to"], "", *_cells(programme["after"], divisor), style="bold")
    out.print(table)
    for part in programme["parts"]:
        _print_facts(out, part, cited)


def _cells(accounts: Mapping[str, Any], divisor: float, *, is_change: bool = False) -> list[str]:
    """The means of the accounts, changes with their sign and without the zeros."""
    means = [accounts[account] and accounts[account]["mean"] / divisor for account in ACCOUNTS]
    if not is_change:
        return ["?" if mean is None else figure(mean) for mean in means]
    return ["?" if mean is None else _signed(mean) for mean in means]


def _signed(amount: float) -> str:
    """A change with its sign, nothing for none."""
    text = figure(amount)
    return "" if text == "0" else text if amount < 0 else f"+{text}"


def _print_facts(out: Console, part: Mapping[str, Any], cited: dict[str, str]) -> None:
    """Print the facts of a part, each with its source and with what it replaced."""
    if not part["facts"]:
        return
    out.print(f"{STEP_WORDS[part['kind']]}: {escape(part['name'])}")
    for fact in part["facts"][:FACTS_SHOWN]:
        old = ""
        if fact.get("old_fact_id"):
            was = figure(fact["old_amount"] / scaled(fact["unit"])[0])
            since = f" for {fact['old_on_date']}" if fact["old_on_date"] != fact["on_date"] else ""
            old = f"; was {was}{since} {_citation(cited, fact, 'old_')}"
        lead = "" if fact.get("is_in_force", True) else "no longer "
        out.print(f"  {lead}{escape(_fact_text(fact))} {_citation(cited, fact)}{old}")
    if len(part["facts"]) > FACTS_SHOWN:
        out.print(f"  and {len(part['facts']) - FACTS_SHOWN} more (--json lists all)")


def _fact_text(fact: Mapping[str, Any]) -> str:
    """A fact in words."""
    if fact["fact_kind"] == "claim":
        return f"claim of {fact['deal_id']}: {figure(fact['amount'] * 100)} % (known {fact['known_on']})"
    divisor, unit = scaled(fact["unit"])
    amount = f"{figure(fact['amount'] / divisor)} {unit}" if fact["amount"] is not None else ""
    measure = "" if fact["measure"] == "chips" else f" {fact['measure']}"
    if fact["fact_kind"] == "statement":
        return f"{amount}{measure} (known {fact['known_on']})"
    return f"{fact['stage'].replace('_', ' ')} {fact['on_date']}: {amount}{measure} (known {fact['known_on']})"


def _citation(cited: dict[str, str], fact: Mapping[str, Any], which: str = "") -> str:
    """The number of a source in brackets."""
    source = fact.get(f"{which}source_id")
    if not source:
        return ""
    cited.setdefault(source, f"{fact[f'{which}source_title']}. {fact[f'{which}source_url'] or ''}".rstrip())
    return f"\\[{list(cited).index(source) + 1}]"


def _print_slips(out: Console, slips: list[Mapping[str, Any]], cited: dict[str, str]) -> None:
    """Print the milestones whose date moved."""
    if not slips:
        return
    out.print("\n[bold]Moved milestones[/bold]")
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("Site", overflow="fold", max_width=28)
    table.add_column("Level", overflow="fold")
    for heading in ("was", "is", "days", "Sources"):
        table.add_column(heading, justify="right", no_wrap=True)
    for slip in slips:
        divisor, unit = scaled(slip["unit"])
        level = f"{slip['stage'].replace('_', ' ')} {figure(slip['amount'] / divisor)} {unit}"
        numbers = f"{_citation(cited, slip, 'old_')} {_citation(cited, slip)}"
        days = f"{slip['slip_days']:+,}".replace("-", "−")
        table.add_row(escape(slip["name"]), level, str(slip["old_on_date"]), str(slip["on_date"]), days, numbers)
    out.print(table)
