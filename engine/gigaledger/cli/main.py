"""The commands under one name, and how a mistake ends."""

from __future__ import annotations

import os
import sys
from typing import Any, NoReturn

import click

from gigaledger.cli.aggregate import aggregate
from gigaledger.cli.build import build
from gigaledger.cli.check import check
from gigaledger.cli.circular import circular
from gigaledger.cli.convert import convert
from gigaledger.cli.explain import explain
from gigaledger.cli.export import export
from gigaledger.cli.import_ import import_
from gigaledger.cli.init import init
from gigaledger.cli.match import match
from gigaledger.cli.options import ledger_options, print_version, question_options
from gigaledger.cli.overlap import overlap
from gigaledger.cli.reconcile import print_reconciled, reconcile
from gigaledger.cli.report import report
from gigaledger.cli.sql import sql
from gigaledger.cli.tension import tension
from gigaledger.cli.timeline import timeline
from gigaledger.errors import GigaledgerError

# In the order in which --help lists them.
COMMANDS: tuple[click.Command, ...] = (
    reconcile,
    timeline,
    convert,
    explain,
    tension,
    overlap,
    circular,
    check,
    build,
    sql,
    export,
    report,
    import_,
    match,
    init,
    aggregate,
)


@click.group(
    invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=print_version, help="The version.")
@ledger_options
@question_options
@click.pass_context
def cli(context: click.Context, /, **options: Any) -> None:
    """Announced and built AI compute capacity on one scale: chips, megawatts, H100-equivalents and dollars.

    Without a command: reconcile the bundled ledger and print it.

    Example: gigaledger --as-of 2026-06-30
    """
    context.obj = options
    if context.invoked_subcommand is None:
        print_reconciled(None, **options)


for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run the command line; a mistake ends with one message on standard error and its exit status."""
    try:
        cli.main(prog_name="gigaledger", standalone_mode=True)
    except GigaledgerError as error:
        click.echo(f"gigaledger: {error}", err=True)
        raise SystemExit(error.exit_status) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except OSError as error:  # such as a folder that may not be entered
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"gigaledger: {where}{error.strerror or error}", err=True)
        raise SystemExit(GigaledgerError.exit_status) from None


def run() -> NoReturn:
    """Run the command line as a process; its memory is left to the system, which is faster than to free it."""
    status: object = 0
    try:
        main()
    except SystemExit as end:
        status = end.code or 0
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:  # whoever reads has seen enough
        pass
    except OSError as error:
        status = GigaledgerError.exit_status
        os.write(2, f"gigaledger: the answer cannot be written: {error.strerror}\n".encode())
    os._exit(status if isinstance(status, int) else 1)
