"""The report of an import for the terminal: counts first, then the rows that a reader may want to look at."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from gigaledger.sources.epoch import Report

SHOWN = 6


def print_import(report: Report) -> None:
    """Print what was taken, changed and set aside."""
    click.echo(f"Vintage of {report.vintage} into {report.into}")
    for note in report.notes:
        click.echo(f"Note: {note}")
    if not report.columns:
        return
    read = {
        "Power (MW) of the timelines": report.columns["timeline_power"],
        "current power": report.columns["current_power"],
        "H100 equivalents": report.columns["h100e"],
    }
    click.echo("Read as: " + ", ".join(f"{name} = {measure}" for name, measure in read.items() if measure))
    taken = [f"{count:,} {_counted(kind, count)}" for kind, count in report.taken.items()]
    click.echo(f"Taken: {', '.join(taken) or 'nothing'}")
    click.echo(f"Said before: {report.unchanged:,} milestones")
    for kind, rows in report.changed.items():
        _print_rows(kind.capitalize(), [_in_words(kind, row) for row in rows])
    _print_set_aside(report.set_aside)
    columns = [f"{row['column']!r}" for row in report.columns_not_taken if row["why"] == "the column is not declared"]
    _print_rows("Columns not declared, not taken", columns)
    for total in report.totals:
        click.echo(f"Operational on {report.vintage}: {total['operational']:,.0f} {total['unit']} ({total['measure']})")
    click.echo("Written: " + (", ".join(report.files) or "nothing, the ledger says all of it already"))


def _counted(kind: str, count: int) -> str:
    """What was taken, its first word in the number of the count."""
    noun, _, rest = kind.replace("_", " ").partition(" ")
    return f"{noun}{'' if count == 1 else 's'} {rest}".strip()


def _print_rows(title: str, rows: list[str]) -> None:
    """The first rows of a kind under their number."""
    if not rows:
        return
    click.echo(f"{title}: {len(rows):,}")
    for row in rows[:SHOWN]:
        click.echo(f"  {row}")
    if len(rows) > SHOWN:
        click.echo(f"  and {len(rows) - SHOWN:,} more; --json lists all")


def _in_words(kind: str, row: dict[str, Any]) -> str:
    """One changed row in words."""
    site = str(row["site_id"])
    what = " ".join(filter(None, (str(row.get("measure") or ""), str(row.get("chip_id") or ""))))
    match kind:
        case "revised":
            stage = row["stage"].replace("_", " ")
            told = f"{row['on_date']}, {stage} {what}: {row['before']:,.0f} is now {row['now']:,.0f}"
        case "slipped":
            told = f"{row['amount']:,.0f} {what} planned for {row['planned_on']} {_moved(row)}"
        case "renamed":
            told = f"{row['before']!r} is now {row['now']!r} ({row['why']})"
        case "split":
            told = f"told as {', '.join(row['became'])} from now on, its own figures are 0"
        case "sites":
            told = ", ".join(row["columns"])
        case _:
            told = "kept as last known"
    return f"{site}: {told}"


def _moved(row: dict[str, Any]) -> str:
    """Where a planned step has gone."""
    if row["days"] is None:
        return "is not planned any more"
    return f"comes on {row['now_on']}, {abs(row['days'])} days {'later' if row['days'] > 0 else 'earlier'}"


def _print_set_aside(rows: list[dict[str, object]]) -> None:
    """What was set aside, by reason."""
    click.echo(f"Set aside: {len(rows):,}")
    for (why, file), count in sorted(Counter((str(row["why"]), str(row["file"])) for row in rows).items()):
        examples = [str(row["what"]) for row in rows if row["why"] == why and row["file"] == file]
        shown = "; ".join(examples[:2]) + ("; …" if len(examples) > 2 else "")  # noqa: PLR2004 - two examples
        click.echo(f"  {count:,} of {file}: {why} ({shown})")
