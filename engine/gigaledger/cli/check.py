"""The rules of the ledger as a command."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from gigaledger.cli.opening import merged_options, open_chosen_ledger
from gigaledger.cli.options import ledger_options
from gigaledger.cli.output import print_json, progress

if TYPE_CHECKING:
    from pathlib import Path

RULE_BROKEN = 1


@click.command()
@click.option("--fix", is_flag=True, help="Mend what is mechanical in the CSV files; the changes are shown first.")
@click.option("--yes", is_flag=True, help="Write what --fix shows without asking.")
@ledger_options
@click.pass_context
def check(context: click.Context, /, **options: Any) -> None:
    """Every rule of the ledger; the rows that break one are shown, and the exit status is then 1.

    Example: gigaledger check --datasets my-ledger
    """
    from gigaledger.auditing import audit

    options = merged_options(context, options)
    if options["fix"]:
        _fix(options["datasets"], is_agreed=options["yes"], as_json=options["as_json"])
    ledger = open_chosen_ledger(options)
    with progress("checking every rule"):
        document = audit(ledger)
    if options["as_json"]:
        print_json(document)
    else:
        from gigaledger.terminal_audit import print_audit

        print_audit(document)
    if document["broken"]:
        raise SystemExit(RULE_BROKEN)


def _fix(folder: Path | None, *, is_agreed: bool, as_json: bool) -> None:
    """Show what can be mended, and write it when the user agrees."""
    if folder is None or not folder.is_dir():
        message = "--fix mends the CSV files of a ledger of your own; say which with --datasets DIR"
        raise click.UsageError(message)
    from gigaledger.fixing import mends_of, write_mends

    mends = mends_of(folder)
    for mend in mends:
        told = ", ".join(f"{what} ({count})" for what, count in sorted(mend.counts.items()))
        click.echo(f"{mend.path}: {told or mend.left}", err=as_json)
        if mend.counts and (diff := mend.diff()):
            click.echo(diff, err=as_json)
    mendable = [mend for mend in mends if mend.counts]
    if not mendable:
        click.echo("Nothing mechanical is to be mended.", err=as_json)
        return
    if not is_agreed and sys.stdin.isatty():
        is_agreed = click.confirm("Write these changes?", err=True)
    if not is_agreed:
        click.echo("Nothing was written; --yes writes these changes.", err=as_json)
        return
    write_mends(folder, mendable)
    click.echo(f"Written: {', '.join(mend.path.name for mend in mendable)}", err=as_json)
