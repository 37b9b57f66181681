"""Which ledger a command opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gigaledger.cli.output import progress

if TYPE_CHECKING:
    from gigaledger.ledger import Ledger


def merged_options(
    context: click.Context, options: dict[str, Any], inherit: tuple[str, ...] | None = None
) -> dict[str, Any]:
    """The options of the command, with those given before its name where it has none of its own."""
    before = context.obj or {}
    names = inherit if inherit is not None else tuple(before)
    unset = [name for name in names if options.get(name) in (None, False, ())]
    return {**options, **{name: before[name] for name in unset}}


def opening(options: dict[str, Any]) -> dict[str, Any]:
    """The options that say which ledger to open."""
    if options["extend"] and options["datasets"] is None:
        message = "--extend layers a ledger over the bundled one; say which with --datasets DIR"
        raise click.UsageError(message)
    chosen = {name: options[name] for name in ("draws", "seed") if options.get(name) is not None}
    return {
        "datasets": options["datasets"],
        "extend": options["extend"],
        "settings": dict(options["settings"]),
        **chosen,
    }


def open_chosen_ledger(
    options: dict[str, Any], *, for_conversion: bool = False, section: str = "reconciliation"
) -> Ledger:
    """Open the ledger that the options name, with the formulas up to and with a section."""
    from gigaledger.ledger import open_ledger

    with progress("reading the ledger"):
        return open_ledger(**opening(options), for_conversion=for_conversion, section=section)
