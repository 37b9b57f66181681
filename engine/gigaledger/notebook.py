"""How a ledger and a derivation show themselves in a notebook: as HTML in which every text is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from gigaledger.figures import figure, interval_figure, scaled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gigaledger.ledger import Ledger

COUNTED = ("programme", "deal", "statement", "site", "milestone", "claim", "chip", "assumption", "source")


class Derivation(dict[str, Any]):
    """The document of `gigaledger explain --json`, which a notebook shows as statements and steps."""

    def _repr_html_(self) -> str:
        """The statements with their sources, and the steps to capacity."""
        statements = [
            [_amount(row), str(row["known_on"]), _linked(row["source_title"] or row["source_id"] or "", row["url"])]
            for row in self["statements"]
        ]
        steps = [[escape(step["step"]), _amount(step)] for step in self["steps"]]
        return (
            f"<p><b>{escape(self['deal']['title'])}</b>, as known on {escape(self['as_of'])}</p>"
            + _table(("what was said", "known on", "source"), statements)
            + (_table(("step", "median (5 % to 95 %)"), steps) if steps else "")
        )


def _amount(row: Mapping[str, Any]) -> str:
    """The amount of a statement or of a step, escaped."""
    if row.get("p50") is not None:
        divisor, unit = scaled(row["unit"], row["p50"])
        return escape(f"{interval_figure(row, divisor)} {unit}")
    known = [row.get(name) for name in ("amount", "amount_low", "amount_best", "amount_high")]
    amounts = [amount for amount in known if amount is not None]
    if not amounts:
        return "?"
    divisor, unit = scaled(row["unit"], amounts[0])
    words = {"up_to": "up to ", "at_least": "at least ", "about": "about "}.get(row.get("qualifier") or "", "")
    numbers = "–".join(dict.fromkeys(figure(amount / divisor) for amount in amounts))
    return escape(f"{words}{numbers} {unit} {row.get('measure') or ''}".strip())


def _linked(text: str, url: str | None) -> str:
    """A text, linked where its address is one of the web: another kind could run as a program."""
    if (url or "").lower().startswith(("http://", "https://")):
        return f'<a href="{escape(url or "")}" rel="noopener noreferrer">{escape(text)}</a>'
    return escape(text)


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of cells that are escaped already."""
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def ledger_html(ledger: Ledger) -> str:
    """The rows of each table, the default date, and what was assumed in opening; every text escaped."""
    tables = {row[0] for row in ledger.rows("select table_name from duckdb_tables() where not internal")}
    counts = [
        (name, ledger.rows(f"select count(*) from {name}")[0][0])  # the names are ours
        for name in COUNTED
        if name in tables
    ]
    notes = "".join(f"<li>{escape(note)}</li>" for note in ledger.notes)
    return (
        f"<p><b>Gigaledger</b>, as known on {ledger.as_of.isoformat()}</p>"
        + _table(("table", "rows"), [[name, f"{count:,}"] for name, count in counts])
        + (f"<ul>{notes}</ul>" if notes else "")
    )
