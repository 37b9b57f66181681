"""Other people's data as a command group: each source is a command of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gigaledger.cli.opening import merged_options
from gigaledger.cli.options import Date
from gigaledger.cli.output import print_json, progress

if TYPE_CHECKING:
    import datetime as dt


@click.group(name="import")
def import_() -> None:
    """Take other people's tables into a ledger of your own.

    Example: gigaledger import epoch vintage --known-on 2026-08-20 --into my-ledger
    """


@import_.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--known-on", required=True, type=Date(), help="The day on which the vintage was published.")
@click.option("--into", type=click.Path(path_type=Path), metavar="LEDGER", help="The ledger; the same as --datasets.")
@click.option("--datasets", type=click.Path(path_type=Path), metavar="LEDGER", help="The folder of your ledger.")
@click.option("--extend", is_flag=True, help="LEDGER is layered over the bundled one: do not repeat what that holds.")
@click.option("--power", type=click.Choice(["facility", "it"]), help="Which megawatt, where the tables do not tell.")
@click.option("--names", type=click.Path(path_type=Path), metavar="JSON", help="Names of sites by their handles.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.pass_context
def epoch(context: click.Context, /, folder: Path, known_on: dt.date, **options: Any) -> None:
    """Import Epoch AI's data-centre tables: a folder with data_centers.csv and data_center_timelines.csv.

    Import vintages in the order of their days: each adds what it says anew, so that the history stays.

    Example: gigaledger import epoch vintage --known-on 2026-08-20 --into my-ledger
    """
    from dataclasses import asdict

    from gigaledger.sources.epoch import import_vintage, read_names

    options = merged_options(context, options, inherit=("datasets", "extend", "as_json"))
    into = _into(options)
    power = f"{options['power']}_power" if options["power"] else None
    with progress("importing"):
        report = import_vintage(
            folder, known_on, into, extend=options["extend"], power=power, names=read_names(options["names"])
        )
    if options["as_json"]:
        print_json(asdict(report))
    else:
        from gigaledger.terminal_import import print_import

        print_import(report)


@import_.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--known-on", required=True, type=Date(), help="The day on which the bill became known.")
@click.option("--deal", metavar="DEAL", help="The cloud commitment that the whole bill draws down.")
@click.option("--into", type=click.Path(path_type=Path), metavar="LEDGER", help="The ledger; the same as --datasets.")
@click.option("--datasets", type=click.Path(path_type=Path), metavar="LEDGER", help="The folder of your ledger.")
@click.option("--extend", is_flag=True, help="LEDGER is layered over the bundled one, whose deals can be drawn down.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.pass_context
def focus(context: click.Context, /, files: tuple[Path, ...], known_on: dt.date, **options: Any) -> None:
    """Import a cloud bill: FOCUS 1.2 to 1.4, Cost and Usage and, where present, Contract Commitment; CSV or Parquet.

    Hours of accelerators become chip-hours by chip and month, cost draws commitments down.

    Example: gigaledger import focus bill.csv --known-on 2026-06-10 --deal rent --into my-ledger
    """
    from gigaledger.sources.focus import import_bill

    options = merged_options(context, options, inherit=("datasets", "extend", "as_json"))
    with progress("reading the bill"):
        report = import_bill(files, _into(options), known_on=known_on, deal=options["deal"], extend=options["extend"])
    if options["as_json"]:
        print_json(report)
        return
    from gigaledger.terminal_bill import print_bill

    print_bill(report)


def _into(options: dict[str, Any]) -> Path:
    """The folder of the ledger that is written."""
    into: Path | None = options["into"] or options["datasets"]
    if into is None:
        message = "say into which ledger with --into LEDGER (a folder; it is created)"
        raise click.UsageError(message)
    return into
