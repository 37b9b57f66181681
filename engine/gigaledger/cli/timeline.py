"""The ramp by quarter as a command."""

from __future__ import annotations

from typing import Any

import click

from gigaledger.cli import completion
from gigaledger.cli.opening import merged_options, open_chosen_ledger
from gigaledger.cli.options import ledger_options, question_options
from gigaledger.cli.output import checked_finite, print_json, progress


@click.command()
@click.argument("programme", required=False, shell_complete=completion.programmes)
@question_options
@ledger_options
@click.pass_context
def timeline(context: click.Context, /, programme: str | None, **options: Any) -> None:
    """The ramp by quarter: pledged, running, and running or planned, to four years ahead.

    Example: gigaledger timeline anthropic-amazon
    """
    from gigaledger.timeline import timeline as drawn_up

    options = merged_options(context, options)
    ledger = open_chosen_ledger(options)
    with progress("drawing up the quarters"):
        document = checked_finite(drawn_up(ledger, programme, as_of=options["as_of"], measure=options["measure"]))
    if options["as_json"]:
        print_json(document)
        return
    from gigaledger.terminal_timeline import print_timeline

    print_timeline(document)
