"""The DuckDB file as a command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gigaledger.cli.opening import merged_options, opening
from gigaledger.cli.options import ledger_options
from gigaledger.cli.output import print_json, progress


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@ledger_options
@click.pass_context
def build(context: click.Context, /, file: Path, **options: Any) -> None:
    """Write the ledger as one DuckDB file that any DuckDB shell from 1.4 on opens.

    Example: gigaledger build ledger.duckdb
    """
    from gigaledger.build import build_file

    options = merged_options(context, options)
    with progress(f"writing {file}"):
        document = build_file(file, **opening(options))
    if options["as_json"]:
        print_json(document)
    else:
        objects = ", ".join(f"{document[kind]} {kind}" for kind in ("tables", "views", "macros"))
        click.echo(f"{document['file']}: {objects}, {document['bytes']:,} bytes")
