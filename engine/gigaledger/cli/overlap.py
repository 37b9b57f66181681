"""What is announced more than once, as a command."""

from __future__ import annotations

from typing import Any

import click

from gigaledger.cli.opening import merged_options, open_chosen_ledger
from gigaledger.cli.options import ledger_options, question_options
from gigaledger.cli.output import checked_finite, print_json, progress


@click.command()
@click.argument("scope", required=False, metavar="[BENEFICIARY|PROGRAMME|LAYER]")
@question_options
@ledger_options
@click.pass_context
def overlap(context: click.Context, /, scope: str | None, **options: Any) -> None:
    """Gross of all announcements, what is told twice, what is counted once, and what lies in what.

    Example: gigaledger overlap anthropic --measure it_power
    """
    from gigaledger.overlap import overlap as overlapping

    options = merged_options(context, options)
    ledger = open_chosen_ledger(options)
    with progress("counting once"):
        document = checked_finite(overlapping(ledger, scope, as_of=options["as_of"], measure=options["measure"]))
    if options["as_json"]:
        print_json(document)
        return
    from gigaledger.terminal_overlap import print_overlap

    print_overlap(document)
