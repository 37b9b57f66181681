"""The main job as a command."""

from __future__ import annotations

import gc
from typing import Any

import click

from gigaledger.cli import completion
from gigaledger.cli.opening import merged_options, open_chosen_ledger
from gigaledger.cli.options import Date, ledger_options, question_options
from gigaledger.cli.output import checked_finite, print_json, progress

# With more, a terminal shows one line of each, and JSON stands on one line.
MOST_PROGRAMMES_SHOWN = 100


@click.command()
@click.argument("programme", required=False, shell_complete=completion.programmes)
@click.option("--versus", type=Date(), help="Explain the change from this day to that of --as-of, or the other way.")
@question_options
@ledger_options
@click.pass_context
def reconcile(context: click.Context, /, programme: str | None, **options: Any) -> None:
    """Pledged = operational + under construction + planned + unidentified, per programme.

    Example: gigaledger reconcile anthropic-50b-texas-new-york --as-of 2026-06-30
    """
    options = merged_options(context, options)
    if options["versus"] is None:
        print_reconciled(programme, **options)
    else:
        print_explained(programme, **options)


def print_explained(programme: str | None, **options: Any) -> None:
    """The change of the main job between two days; changed assumptions hold on the later one."""
    from gigaledger.change import explain_change

    ledger = open_chosen_ledger({**options, "settings": []})
    changed = open_chosen_ledger(options) if options["settings"] else None
    with progress("comparing"):
        document = checked_finite(
            explain_change(
                ledger,
                programme,
                as_of=options["as_of"],
                versus=options["versus"],
                measure=options["measure"],
                changed=changed,
            )
        )
    if options["as_json"]:
        print_json(document)
        return
    from gigaledger.terminal_change import print_change

    print_change(document)


def print_reconciled(programme: str | None, **options: Any) -> None:
    """The main job."""
    from gigaledger.reconciliation import reconcile as reconciled

    # A reconciliation makes millions of small objects and no cycles; looking for cycles would take a tenth of the time.
    gc.disable()
    ledger = open_chosen_ledger(options)
    with progress("reconciling"):
        document = checked_finite(
            reconciled(
                ledger,
                programme,
                as_of=options["as_of"],
                measure=options["measure"],
                is_for_terminal=not options["as_json"],
            )
        )
    is_large = len(document["programmes"]) > MOST_PROGRAMMES_SHOWN
    if options["as_json"]:
        print_json(document, is_large=is_large)
    elif is_large:
        from gigaledger.terminal_overview import print_overview

        print_overview(document)
    else:
        from gigaledger.terminal import print_reconciliation

        print_reconciliation(document)
