"""A user's SQL as a command."""

from __future__ import annotations

from typing import Any

import click

from gigaledger.cli.opening import merged_options, open_chosen_ledger, opening
from gigaledger.cli.options import ledger_options
from gigaledger.cli.output import as_json_value, print_json, progress


@click.command()
@click.argument("query", required=False)
@click.option("--allow-files", is_flag=True, help="Let the query read files and the network too.")
@ledger_options
@click.pass_context
def sql(context: click.Context, /, query: str | None, *, allow_files: bool, **options: Any) -> None:
    """Ask the ledger in SQL; without a query, open a shell on it: Harlequin if installed, else that of DuckDB.

    Nothing is changed, and files and the network are out of reach.

    Example: gigaledger sql "select * from reconciliation where measure = 'it_power'"
    """
    from gigaledger.query import check_query, open_shell, query_rows

    options = merged_options(context, options)
    if query is None:
        raise SystemExit(open_shell(allow_files=allow_files, **opening(options)))
    check_query(query)
    ledger = open_chosen_ledger(options)
    with progress("asking"):
        names, rows = query_rows(ledger, query, allow_files=allow_files)
    if options["as_json"]:
        print_json({"columns": names, "rows": as_json_value(rows)})
        return
    from gigaledger.terminal_rows import print_rows

    print_rows(names, rows)
