"""The rules of a ledger on a terminal of 100 columns: those that are broken with their rows, and those that hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.padding import Padding

from gigaledger.terminal import console

if TYPE_CHECKING:
    from collections.abc import Mapping


def print_audit(document: Mapping[str, Any]) -> None:
    """Print the broken rules with the rows that break them, and the names of those that hold."""
    out = console()
    for note in document["notes"]:
        out.print(f"Note: {escape(note)}")
    broken = [rule for rule in document["rules"] if rule["broken_count"]]
    for rule in broken:
        meaning = rule["meaning"].split(";")[0]
        out.print(f"[bold]{rule['rule'].replace('_', ' ')}[/bold] ({rule['broken_count']}): {escape(meaning)}")
        for row in document["broken"]:
            if row["rule"] == rule["rule"]:
                text = f"{row['subject_id'] or ''}: {row['detail'] or ''}"
                out.print(Padding(escape(text), (0, 0, 0, 2)))
    held = [rule["rule"].replace("_", " ") for rule in document["rules"] if not rule["broken_count"]]
    out.print(f"{len(held)} further rules hold." if broken else "Every rule holds.")
    out.print(f"{len(held)} rules: {', '.join(held)}", style="dim")
