"""What the shell offers after Tab: names of the ledger that the command line so far would open, read from its files."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from click.shell_completion import CompletionItem

from gigaledger.paths import datasets_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click


def programmes(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The programmes whose id begins so."""
    return _items(context, "programme.csv", "programme_id", "name", incomplete)


def deals(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The deals whose id begins so."""
    return _items(context, "deal.csv", "deal_id", "title", incomplete)


def chips(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The chips and mixes whose id begins so."""
    mixes = _items(context, "chip_mix.csv", "mix_id", None, incomplete)
    return [*_items(context, "chip.csv", "chip_id", "name", incomplete), *mixes]


def measures(_context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The measures whose name begins so; `all` where a conversion may go to every one."""
    targets = {"physical", "money", "flow"}
    is_source = parameter.name == "measure" and _context.info_name == "convert"
    found = {
        row["measure"]: row["meaning"]
        for row in _rows(datasets_folder() / "vocabulary/measure.csv")
        if row["kind"] in targets or (is_source and row["kind"] != "fact")
    }
    if parameter.name == "to":
        found["all"] = "every measure"
    return [CompletionItem(name, help=meaning) for name, meaning in found.items() if name.startswith(incomplete)]


def builders(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The kinds of organisation whose name begins so."""
    rows = _rows(datasets_folder() / "vocabulary/organization_kind.csv")
    return [CompletionItem(row["kind"], help=row["meaning"]) for row in rows if row["kind"].startswith(incomplete)]


def _items(context: click.Context, file: str, key: str, meaning: str | None, incomplete: str) -> list[CompletionItem]:
    """The names in the files of the ledger, each once."""
    found = {
        row.get(key) or "": row.get(meaning) or "" if meaning else ""
        for folder in _folders(context)
        for row in _rows(folder / file)
    }
    return [CompletionItem(name, help=found[name]) for name in sorted(found) if name and name.startswith(incomplete)]


def _folders(context: click.Context) -> list[Path]:
    """The folders that hold the ledger: the user's, the bundled one, or both."""
    chosen: dict[str, object] = {}
    for parent in (context.parent, context):
        chosen |= {name: value for name, value in (parent.params if parent else {}).items() if value}
    own = chosen.get("datasets")
    if not own:
        return [datasets_folder()]
    return [Path(str(own)), datasets_folder()] if chosen.get("extend") else [Path(str(own))]


def _rows(file: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file; none where it cannot be read: a shell that completes must not complain."""
    try:
        with file.open(encoding="utf-8", newline="") as opened:
            yield from csv.DictReader(opened)
    except (OSError, UnicodeDecodeError, csv.Error):
        return
