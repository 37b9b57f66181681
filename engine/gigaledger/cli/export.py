"""The ledger as files for other programs, as a command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gigaledger.cli.opening import merged_options, open_chosen_ledger
from gigaledger.cli.options import ledger_options
from gigaledger.cli.output import print_json, progress


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--format",
    metavar="FORMAT",
    default="parquet",
    show_default=True,
    help="parquet (star schema for BI), xlsx (workbook), beancount or hledger (journal).",
)
@click.option("--overwrite", is_flag=True, help="Replace what an earlier export wrote into DIR; other files stay.")
@ledger_options
@click.pass_context
def export(context: click.Context, /, directory: Path, format: str, *, overwrite: bool, **options: Any) -> None:  # noqa: A002 - the option
    """Write the ledger into a folder for other programs: Parquet, a workbook, or a journal.

    Example: gigaledger export powerbi --format parquet
    """
    from concurrent.futures import ThreadPoolExecutor

    from gigaledger.export.folder import check_place, export_ledger
    from gigaledger.export.formats import checked_format

    options = merged_options(context, options)
    written = checked_format(format)  # both before the second that it takes to open a ledger
    check_place(directory, overwrite=overwrite)
    with ThreadPoolExecutor(max_workers=1) as beside:
        beside.submit(written.writer)  # libraries are loaded while DuckDB reads; what fails here fails again below
        ledger = open_chosen_ledger(options, section="conversion")
    with progress(f"writing {directory}"):
        document = export_ledger(ledger, directory, format, overwrite=overwrite)
    if options["as_json"]:
        print_json(document)
        return
    for file in document["files"]:
        click.echo(f"{Path(document['directory']) / file['file']}: {file['rows']:,} rows, {file['bytes']:,} bytes")
