"""A starter ledger as a command."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("place", metavar="DIR|FILE.xlsx", type=click.Path(path_type=Path))
@click.option("--schema", is_flag=True, help="Only write datapackage.json for the CSV files that DIR holds.")
def init(place: Path, schema: bool) -> None:  # noqa: FBT001 - click's
    """Write a starter ledger: a folder of CSV files with a guide, or one workbook.

    Example: gigaledger init my-ledger
    """
    from gigaledger.starting import start_folder, start_workbook, write_package

    if schema:
        names = write_package(place)
        click.echo(f"{place}/datapackage.json: the schema of {', '.join(names)}")
    elif place.suffix.casefold() == ".xlsx":
        sheets = start_workbook(place)
        click.echo(f"{place}: sheets {', '.join(sheets)}")
        click.echo(f"Try: gigaledger --datasets {place}")
    else:
        files = start_folder(place)
        click.echo(f"{place}: {', '.join(files)}")
        click.echo(f"Try: gigaledger --datasets {place}")
