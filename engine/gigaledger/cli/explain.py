"""The derivation of a deal as a command."""

from __future__ import annotations

import functools
from typing import Any

import click

from gigaledger.cli import completion
from gigaledger.cli.compared import print_compared
from gigaledger.cli.opening import merged_options, open_chosen_ledger
from gigaledger.cli.options import compare_option, ledger_options, question_options
from gigaledger.cli.output import checked_finite, print_json, progress


@click.command()
@click.argument("deal", shell_complete=completion.deals)
@compare_option
@question_options
@ledger_options
@click.pass_context
def explain(context: click.Context, /, deal: str, **options: Any) -> None:
    """What is known of a deal: its statements with sources, and the steps from them to capacity.

    Example: gigaledger explain azure-anthropic-2025
    """
    from gigaledger.explanation import explain_deal

    options = merged_options(context, options)
    ask = functools.partial(explain_deal, deal_id=deal, as_of=options["as_of"], measure=options["measure"])
    if options["compare"]:
        print_compared(deal, ask, options, as_json=options["as_json"])
        return
    ledger = open_chosen_ledger(options)
    with progress("explaining"):
        document = checked_finite(ask(ledger))
    if options["as_json"]:
        print_json(document)
        return
    from gigaledger.terminal_explanation import print_explanation

    print_explanation(document)
