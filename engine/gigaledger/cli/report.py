"""The page as a command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gigaledger.cli.opening import merged_options, open_chosen_ledger
from gigaledger.cli.options import as_of_option, ledger_options
from gigaledger.cli.output import print_json, progress


@click.command()
@click.argument("file", metavar="PAGE.html", type=click.Path(path_type=Path))
@as_of_option
@ledger_options
@click.pass_context
def report(context: click.Context, /, file: Path, **options: Any) -> None:
    """Write one self-contained page with charts: it opens in any browser, without a network.

    Example: gigaledger report page.html
    """
    from gigaledger.report import write_page

    options = merged_options(context, options)
    ledger = open_chosen_ledger(options)
    with progress("writing the page"):
        document = write_page(ledger, file, as_of=options["as_of"])
    if options["as_json"]:
        print_json(document)
        return
    counts = ", ".join(f"{document[name]} {name}" for name in ("programmes", "deals", "sites", "sources"))
    click.echo(f"{document['file']}: as known on {document['as_of']}, {counts}, {document['bytes']:,} bytes")
