"""One question with and without the changed assumptions, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gigaledger.cli.opening import open_chosen_ledger
from gigaledger.cli.output import checked_finite, print_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from gigaledger.ledger import Ledger


def print_compared(
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
    document = checked_finite(
        compare(
            ask,
            lambda settings: open_chosen_ledger(
                {**options, "settings": list(settings.items())}, for_conversion=for_conversion
            ),
            dict(options["settings"]),
        )
    )
    if as_json:
        print_json(document)
        return
    from gigaledger.terminal_comparison import print_comparison

    print_comparison(title, document)
