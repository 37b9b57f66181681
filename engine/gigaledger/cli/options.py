"""The options that commands share, and the types of their values."""

from __future__ import annotations

import datetime as dt
import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gigaledger.cli import completion

if TYPE_CHECKING:
    from collections.abc import Callable


class Assumption(click.ParamType):  # type: ignore[type-arg] # older versions of click refuse an argument there
    """A setting `ASSUMPTION=low,best,high`, or `ASSUMPTION=value` for a fixed one."""

    name = "ASSUMPTION=low,best,high"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, tuple[float, float, float]]:
        """The name and the three percentiles."""
        name, separator, numbers = str(value).partition("=")
        try:
            parsed = [float(number) for number in numbers.split(",")]
        except ValueError:
            parsed = []
        if len(parsed) == 1:
            parsed *= 3
        if not name or not separator or len(parsed) != 3:  # noqa: PLR2004 - low, best, high
            self.fail(f"{value!r}: expected ASSUMPTION=low,best,high, such as peak_pue=1.1,1.2,1.3", param, ctx)
        return name.strip(), (parsed[0], parsed[1], parsed[2])


class Draws(click.ParamType):  # type: ignore[type-arg] # as above
    """An even number of draws, from 64 to 65,536."""

    name = "N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number."""
        from gigaledger.draws import is_draw_count

        count = int(value) if str(value).isascii() and str(value).isdigit() else 0
        if not is_draw_count(count):
            self.fail(f"{value!r}: expected an even number of draws from 64 to 65536, such as 16384", param, ctx)
        return count


class Date(click.ParamType):  # type: ignore[type-arg] # as above
    """A date as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """The date."""
        if isinstance(value, dt.date):
            return value
        try:
            day = dt.date.fromisoformat(value)
        except ValueError:
            day = None
        if day is None or day.isoformat() != value:  # Python also reads other forms, such as weeks
            self.fail(f"{value!r} is not a date; expected YYYY-MM-DD, such as 2026-06-30", param, ctx)
        return day


class QuantityCommand(click.Command):
    """A command whose argument may begin with a minus: `-5 GW_it` is a negative quantity, not an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, negative quantities last."""
        negative = [one for one in args if re.match(r"-[\s$.\d]", one) and not re.fullmatch(r"[-+.\deE]+", one)]
        return super().parse_args(
            ctx, [*(one for one in args if one not in negative), *(["--", *negative] if negative else [])]
        )


compare_option = click.option("--compare", is_flag=True, help="Show the answer without --set beside that with it.")


def print_version(context: click.Context, _parameter: click.Parameter, is_asked: bool) -> None:  # noqa: FBT001 - click's
    """Print the version of the installed package and end."""
    if not is_asked:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        click.echo(f"gigaledger, version {version('gigaledger')}")
    except PackageNotFoundError:
        click.echo("gigaledger, run from its sources and not installed")
    context.exit()


def ledger_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command: which facts, which assumptions, which form of output."""
    options = [
        click.option(
            "--datasets",
            type=click.Path(path_type=Path),
            metavar="DIR",
            help="A ledger of your own: a folder of CSV or Parquet files, or a workbook.",
        ),
        click.option("--extend", is_flag=True, help="Layer --datasets over the bundled ledger; your row wins by id."),
        click.option(
            "--set", "settings", type=Assumption(), multiple=True, help="Change an assumption; may be repeated."
        ),
        click.option(
            "--draws", type=Draws(), help="Draws of every assumption; default 1024, more for steadier medians."
        ),
        click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Seed of the draws; default 0."),
        click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output."),
    ]
    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(options), function)


def as_of_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The date on which the facts are looked at."""
    return click.option("--as-of", type=Date(), help="Only facts known on this day; default: the newest known_on.")(
        function
    )


def question_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a reconciliation."""
    function = click.option(
        "--measure",
        metavar="M",
        shell_complete=completion.measures,
        help="One measure instead of MW, chips, H100e and dollars.",
    )(function)
    return as_of_option(function)
