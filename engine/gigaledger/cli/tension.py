"""The back-test as a command."""

from __future__ import annotations

from typing import Any

import click

from gigaledger.cli.opening import merged_options, open_chosen_ledger
from gigaledger.cli.options import Date, ledger_options
from gigaledger.cli.output import checked_finite, print_json, progress


@click.command()
@click.option("--as-of", type=Date(), help="Only facts known on this day; default: the newest known_on.")
@ledger_options
@click.pass_context
def tension(context: click.Context, /, **options: Any) -> None:
    """The back-test: where a deal states two quantities, each converted into the other.

    Example: gigaledger tension --as-of 2026-06-30
    """
    from gigaledger.tension import tension as tested

    options = merged_options(context, options)
    ledger = open_chosen_ledger(options)
    with progress("converting"):
        document = checked_finite(tested(ledger, as_of=options["as_of"]))
    if options["as_json"]:
        print_json(document)
        return
    from gigaledger.terminal_tension import print_tension

    print_tension(document)
