"""How a ledger shows itself in a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gigaledger.ledger import Ledger

COUNTED = ("programme", "deal", "statement", "site", "milestone", "claim", "chip", "assumption", "source")


def ledger_html(ledger: Ledger) -> str:
    """The rows of each table, the default date, and what was assumed in opening; every text escaped."""
    tables = {row[0] for row in ledger.rows("select table_name from duckdb_tables() where not internal")}
    counts = [
        (name, ledger.rows(f"select count(*) from {name}")[0][0])  # the names are ours
        for name in COUNTED
        if name in tables
    ]
    cells = "".join(f"<tr><th scope='row'>{name}</th><td>{count:,}</td></tr>" for name, count in counts)
    notes = "".join(f"<li>{escape(note)}</li>" for note in ledger.notes)
    return (
        f"<table><caption>Gigaledger, as known on {ledger.as_of.isoformat()}</caption>"
        f"<thead><tr><th scope='col'>table</th><th scope='col'>rows</th></tr></thead><tbody>{cells}</tbody></table>"
        + (f"<ul>{notes}</ul>" if notes else "")
    )
