"""Money that goes round, as a command."""

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
def circular(context: click.Context, /, **options: Any) -> None:
    """Money that goes round: who invests in whom and is paid back, and the largest circulation.

    Example: gigaledger circular --set announced_realised_share=0.3,0.5,0.7
    """
    from gigaledger.circular import circular as circulating

    options = merged_options(context, options)
    ledger = open_chosen_ledger(options)
    with progress("following the money"):
        document = checked_finite(circulating(ledger, as_of=options["as_of"]))
    if options["as_json"]:
        print_json(document)
        return
    from gigaledger.terminal_circular import print_circular

    print_circular(document)
