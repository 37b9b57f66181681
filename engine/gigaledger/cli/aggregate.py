"""Totals over any number of stated amounts as a command."""

from __future__ import annotations

from typing import Any

import click

from gigaledger.cli.opening import merged_options, opening
from gigaledger.cli.options import ledger_options
from gigaledger.cli.output import as_json_value, checked_finite, print_json, progress

STATISTICS = ("mean", "p05", "p50", "p95")


@click.command()
@click.argument("files", metavar="[FILE...]", nargs=-1)
@click.option("--by", metavar="K,...", default="", help="Keys: columns, or a date with a grain (on_date:month).")
@click.option("--to", metavar="M,...", default="all", show_default=True, help="Target measures, or all.")
@click.option("--engine", metavar="E", default="duckdb", show_default=True, help="duckdb, polars or spark.")
@click.option("--subtotals", metavar="S", help="rollup or cube: totals of fewer keys too.")
@click.option("--column", "columns", metavar="NAME=COLUMN", multiple=True, help="A column of another name: amount=mw.")
@click.option("--set-aside", is_flag=True, help="Set aside rows that cannot be rated, and list them below the result.")
@click.option("--keep-buckets", metavar="FILE", help="Write the buckets into this Parquet file, for --buckets.")
@click.option("--buckets", metavar="FILE", help="Rate the buckets of this file; FILE... is added to them.")
@click.option("--master", metavar="URL", help="Address of the cluster for --engine spark.")
@ledger_options
@click.pass_context
def aggregate(context: click.Context, /, files: tuple[str, ...], **options: Any) -> None:
    """Total stated amounts (Parquet with measure, chip, year, amount) in other measures, with intervals.

    FILE may be a glob or a folder, also one partitioned by keys (state=TX/...).

    Kept buckets are rated again, under other assumptions or in other measures, without their source:
    gigaledger aggregate --buckets kept.parquet --to energy --set peak_pue=1.05,1.1,1.2

    Example: gigaledger aggregate postings.parquet --by state,on_date:quarter --to it_power,chips
    """
    options = merged_options(context, options, inherit=("datasets", "extend", "settings", "draws", "seed", "as_json"))
    with progress("adding up"):
        plan = _plan(files, options)
        if options["keep_buckets"]:
            plan.save(options["keep_buckets"])
    if options["as_json"]:
        print_json(checked_finite(_document(plan, options["engine"])))
        return
    from gigaledger.terminal_aggregate import print_aggregate

    print_aggregate(plan)


def _plan(files: tuple[str, ...], options: dict[str, Any]) -> Any:
    """The plan of the files, or of the buckets that are kept with the files added to them."""
    from gigaledger.api import aggregate as aggregated
    from gigaledger.api import kept_buckets

    common = opening(options)
    if "draws" in common:
        common["draw_count"] = common.pop("draws")
    common |= {
        "to": _names(options["to"]),
        "engine": options["engine"],
        "unknown": "set_aside" if options["set_aside"] else "refuse",
        **({"master": options["master"]} if options["master"] else {}),
    }
    columns = _columns(options["columns"])
    if options["buckets"]:
        if options["by"] or options["subtotals"] or columns:
            message = "--by, --subtotals and --column are fixed in --buckets; name them where the buckets are kept"
            raise click.UsageError(message)
        plan = kept_buckets(options["buckets"], **common)
        return plan.add(list(files)) if files else plan
    if not files:
        message = "no FILE: expected Parquet files, or --buckets with a file of kept buckets"
        raise click.UsageError(message)
    return aggregated(
        list(files), by=_names(options["by"]), subtotals=options["subtotals"], columns=columns, keep=True, **common
    )


def _names(text: str) -> list[str]:
    """Names that commas separate."""
    return [name.strip() for name in text.split(",") if name.strip()]


def _columns(texts: tuple[str, ...]) -> dict[str, str]:
    """The columns of other names."""
    pairs = [text.partition("=") for text in texts]
    wrong = next((text for text, (name, _, column) in zip(texts, pairs, strict=True) if not name or not column), None)
    if wrong is not None:
        message = f"--column {wrong}: expected NAME=COLUMN, such as amount=mw"
        raise click.UsageError(message)
    return {name: column for name, _, column in pairs}


def _document(plan: Any, engine: str) -> dict[str, Any]:
    """The document of --json."""
    rows = []
    for record in plan.result.to_dicts():
        amount = {name: record.pop(f"amount_{name}") for name in STATISTICS}
        rows.append({**as_json_value(record), "amount": {**amount, "unit": record["unit"]}})
    return {
        "by": plan.question.key_names,
        "to": list(plan.targets),
        "engine": engine,
        "row_count": plan.row_count,
        "rows": rows,
        "set_aside": as_json_value(plan.set_aside.to_dicts()),
        "draws": plan.rates.draw_count,
        "seed": plan.rates.seed,
    }
