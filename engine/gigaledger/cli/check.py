"""The rules of the ledger as a command."""

from __future__ import annotations

from typing import Any

import click

from gigaledger.cli.opening import merged_options, open_chosen_ledger
from gigaledger.cli.options import ledger_options
from gigaledger.cli.output import print_json

RULE_BROKEN = 1


@click.command()
@ledger_options
@click.pass_context
def check(context: click.Context, /, **options: Any) -> None:
    """Every rule of the ledger; the rows that break one are shown, and the exit status is then 1.

    Example: gigaledger check --datasets my-ledger
    """
    options = merged_options(context, options)
    ledger = open_chosen_ledger(options)
    ledger.install("everything")
    records = ledger.records("from audit order by all")
    if options["as_json"]:
        print_json({"broken": records})
    else:
        from gigaledger.terminal import print_audit

        print_audit(records)
    if records:
        raise SystemExit(RULE_BROKEN)
