"""The command line: thin; every command opens a ledger, asks one question and prints the answer or its JSON."""

from __future__ import annotations

import contextlib
import functools
import importlib
import json
import math
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gigaledger.cli_options import (
    Date,
    QuantityCommand,
    compare_option,
    ledger_options,
    print_version,
    question_options,
)
from gigaledger.errors import BadQuantity, GigaledgerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from gigaledger.ledger import Ledger

RULE_BROKEN = 1


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
        _reconcile(None, **options)


@cli.command()
@click.argument("programme", required=False)
@question_options
@ledger_options
@click.pass_context
def reconcile(context: click.Context, /, programme: str | None, **options: Any) -> None:
    """Pledged = operational + under construction + planned + unidentified, per programme.

    Example: gigaledger reconcile anthropic-50b-texas-new-york --as-of 2026-06-30
    """
    _reconcile(programme, **_merged(context, options))


@cli.command(cls=QuantityCommand)
@click.argument("quantity")
@click.option("--to", required=True, metavar="MEASURE", help="A measure, or all.")
@click.option("--measure", metavar="M", help="What a bare amount of dollars or megawatts measures.")
@click.option("--chip", metavar="C", help="Chip or mix: id, name or alias.")
@click.option("--year", type=int, metavar="Y", help="Delivery year.")
@click.option("--term-years", type=float, metavar="N", help="Term of a contract, in years.")
@compare_option
@ledger_options
@click.pass_context
def convert(context: click.Context, /, quantity: str, to: str, **options: Any) -> None:
    """Convert one quantity into another measure, or into all.

    Example: gigaledger convert "1e6 TPUv7" --to it_power
    """
    # Pint takes as long to import as the ledger to open: both at once.
    threading.Thread(target=importlib.import_module, args=("pint",), daemon=True).start()
    options = _merged(context, options, inherit=("datasets", "extend", "settings", "as_json"))
    as_json = options.pop("as_json")
    from gigaledger.conversion import convert_quantity

    def ask(ledger: Ledger) -> dict[str, Any]:
        return convert_quantity(
            ledger,
            quantity,
            to,
            measure=options["measure"],
            chip=options["chip"],
            year=options["year"],
            term_years=options["term_years"],
        )

    if options["compare"]:
        _compare(quantity, ask, options, as_json=as_json, for_conversion=True)
        return
    document = _finite(ask(_open(options, for_conversion=True)))
    if as_json:
        _print_json(document)
        return
    from gigaledger.terminal import print_conversion

    print_conversion(document)


@cli.command()
@click.argument("deal")
@compare_option
@question_options
@ledger_options
@click.pass_context
def explain(context: click.Context, /, deal: str, **options: Any) -> None:
    """What is known of a deal: its statements with sources, and the steps from them to capacity.

    Example: gigaledger explain anthropic-azure-2025
    """
    from gigaledger.explanation import explain_deal

    options = _merged(context, options)
    ask = functools.partial(explain_deal, deal_id=deal, as_of=options["as_of"], measure=options["measure"])
    if options["compare"]:
        _compare(deal, ask, options, as_json=options["as_json"])
        return
    document = _finite(ask(_open(options)))
    if options["as_json"]:
        _print_json(document)
        return
    from gigaledger.terminal_explanation import print_explanation

    print_explanation(document)


@cli.command()
@click.option("--as-of", type=Date(), help="Only facts known on this day; default: the newest known_on.")
@ledger_options
@click.pass_context
def tension(context: click.Context, /, **options: Any) -> None:
    """The back-test: where a deal states two quantities, each converted into the other.

    Example: gigaledger tension --as-of 2026-06-30
    """
    from gigaledger.tension import tension as tested

    options = _merged(context, options)
    ledger = _open(options)
    with _progress("converting"):
        document = _finite(tested(ledger, as_of=options["as_of"]))
    if options["as_json"]:
        _print_json(document)
        return
    from gigaledger.terminal_tension import print_tension

    print_tension(document)


@cli.command()
@ledger_options
@click.pass_context
def check(context: click.Context, /, **options: Any) -> None:
    """Every rule of the ledger; the rows that break one are shown, and the exit status is then 1.

    Example: gigaledger check --datasets my-ledger
    """
    options = _merged(context, options)
    ledger = _open(options)
    ledger.install("everything")
    records = ledger.records("from audit order by all")
    if options["as_json"]:
        _print_json({"broken": records})
    else:
        from gigaledger.terminal import print_audit

        print_audit(records)
    if records:
        raise SystemExit(RULE_BROKEN)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@ledger_options
@click.pass_context
def build(context: click.Context, /, file: Path, **options: Any) -> None:
    """Write the ledger as one DuckDB file that any DuckDB shell from 1.4 on opens.

    Example: gigaledger build ledger.duckdb
    """
    from gigaledger.build import build_file

    options = _merged(context, options)
    document = build_file(file, **_opening(options))
    if options["as_json"]:
        _print_json(document)
    else:
        objects = ", ".join(f"{document[kind]} {kind}" for kind in ("tables", "views", "macros"))
        click.echo(f"{document['file']}: {objects}, {document['bytes']:,} bytes")


@cli.command()
@click.argument("query", required=False)
@ledger_options
@click.pass_context
def sql(context: click.Context, /, query: str | None, **options: Any) -> None:
    """Ask the ledger in SQL; without a query, open a DuckDB shell on it.

    Example: gigaledger sql "select * from reconciliation where measure = 'it_power'"
    """
    from gigaledger.query import check_query, open_shell, query_rows

    options = _merged(context, options)
    if query is None:
        raise SystemExit(open_shell(**_opening(options)))
    check_query(query)
    names, rows = query_rows(_open(options), query)
    if options["as_json"]:
        _print_json({"columns": names, "rows": _as_json_value(rows)})
        return
    from gigaledger.terminal import print_rows

    print_rows(names, rows)


def _reconcile(programme: str | None, **options: Any) -> None:
    """The main job."""
    from gigaledger.reconciliation import reconcile as reconciled

    ledger = _open(options)
    with _progress("reconciling"):
        document = _finite(
            reconciled(
                ledger,
                programme,
                as_of=options["as_of"],
                measure=options["measure"],
                is_for_terminal=not options["as_json"],
            )
        )
    if options["as_json"]:
        _print_json(document)
        return
    from gigaledger.terminal import print_reconciliation

    print_reconciliation(document)


def _compare(
    title: str,
    ask: Callable[[Ledger], dict[str, Any]],
    options: dict[str, Any],
    *,
    as_json: bool,
    for_conversion: bool = False,
) -> None:
    """Ask one question with and without the changed assumptions, and print both side by side."""
    from gigaledger.comparison import compare

    if not options["settings"]:
        message = "--compare needs a changed assumption; name one with --set ASSUMPTION=low,best,high"
        raise click.UsageError(message)
    document = _finite(
        compare(
            ask,
            lambda settings: _open({**options, "settings": list(settings.items())}, for_conversion=for_conversion),
            dict(options["settings"]),
        )
    )
    if as_json:
        _print_json(document)
        return
    from gigaledger.terminal_comparison import print_comparison

    print_comparison(title, document)


def _merged(context: click.Context, options: dict[str, Any], inherit: tuple[str, ...] | None = None) -> dict[str, Any]:
    """The options of the command, with those given before its name where it has none of its own."""
    before = context.obj or {}
    names = inherit if inherit is not None else tuple(before)
    return {**options, **{name: before[name] for name in names if not options.get(name)}}


def _opening(options: dict[str, Any]) -> dict[str, Any]:
    """The options that say which ledger to open."""
    if options["extend"] and options["datasets"] is None:
        message = "--extend layers a ledger over the bundled one; say which with --datasets DIR"
        raise click.UsageError(message)
    return {"datasets": options["datasets"], "extend": options["extend"], "settings": dict(options["settings"])}


def _open(options: dict[str, Any], *, for_conversion: bool = False) -> Ledger:
    """Open the ledger that the options name."""
    from gigaledger.ledger import open_ledger

    with _progress("reading the ledger"):
        return open_ledger(**_opening(options), for_conversion=for_conversion)


def _progress(text: str) -> contextlib.AbstractContextManager[Any]:
    """A spinner on standard error while it is a terminal."""
    if not sys.stderr.isatty():
        return contextlib.nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(text)


def _print_json(document: Any) -> None:
    """One JSON document, numbers unrounded, dates as text."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False, default=str))


def _finite(document: Any) -> Any:
    """The document, refused where an amount in it is beyond the range of numbers."""
    if isinstance(document, float) and not math.isfinite(document):
        raise BadQuantity("the result is beyond the range of numbers; expected smaller amounts or other assumptions")
    parts = document.values() if isinstance(document, dict) else document
    for part in parts if isinstance(document, dict | list) else ():
        _finite(part)
    return document


def _as_json_value(cell: Any) -> Any:
    """A value of a query's result as JSON has it: what is no number is null, names of a map are texts."""
    match cell:
        case float() if not math.isfinite(cell):
            return None
        case dict():
            return {str(name): _as_json_value(value) for name, value in cell.items()}
        case list() | tuple():
            return [_as_json_value(value) for value in cell]
        case _:
            return cell


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
