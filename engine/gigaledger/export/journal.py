"""The ledger as a journal of plain-text accounting, for Beancount and for hledger: means, one commodity a measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gigaledger.export.entries import plain_text, read_journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal
    from pathlib import Path

    from gigaledger.export.entries import Commodity, Entry, Journal
    from gigaledger.ledger import Ledger

_WHAT_IT_IS = (
    "Pledges, milestones and claims of AI compute capacity as entries that sum to zero in each measure.",
    "Amounts are means over draws, each rounded once; percentiles do not add, so there are none here.",
    "Pledged of a programme = Unidentified + what it claims of sites; Unclaimed = what stands at a site less claims.",
)


def write_beancount(ledger: Ledger, folder: Path) -> dict[str, int]:
    """Write `ledger.beancount` into a folder; returns its name with its number of amounts."""
    return _write(folder / "ledger.beancount", read_journal(ledger), beancount_lines)


def write_hledger(ledger: Ledger, folder: Path) -> dict[str, int]:
    """Write `ledger.journal` into a folder; returns its name with its number of amounts."""
    return _write(folder / "ledger.journal", read_journal(ledger), hledger_lines)


def _write(file: Path, journal: Journal, lines: Callable[[Journal], Iterator[str]]) -> dict[str, int]:
    """Write a journal line by line."""
    with file.open("w", encoding="utf-8", newline="\n") as opened:
        opened.writelines(f"{line}\n" for line in lines(journal))
    return {file.name: journal.amount_count()}


def beancount_lines(journal: Journal) -> Iterator[str]:
    """A journal in the syntax of Beancount 3; balances tolerate nothing, so that any changed amount is refused."""
    yield from (f"; {text}" for text in _WHAT_IT_IS)
    yield f'option "title" {_quoted(journal.title)}'
    yield 'option "tolerance_multiplier" "0"'
    yield ""
    for commodity in journal.commodities:
        yield f"{journal.first_day} commodity {commodity.symbol}"
        yield f"  name: {_quoted(commodity.meaning)}"
        yield f"  unit: {_quoted(commodity.unit)}"
    yield ""
    balances = journal.balances()
    for account, sums in balances.items():
        yield f"{journal.first_day} open {account} {','.join(commodity.symbol for commodity in sums)}"
    for entry in journal.entries:
        yield ""
        yield f"{entry.posted_on} * {_quoted(entry.payee)} {_quoted(entry.narration)} ^{entry.entry_id}"
        yield from (f"  {kind}: {_quoted(' '.join(ids))}" for kind, ids in entry.facts.items())
        yield from (f"  {leg.account}  {_number(leg.amount)} {leg.commodity.symbol}" for leg in entry.legs)
    yield ""
    for account, sums in balances.items():
        yield from (
            f"{journal.closing_day} balance {account}  {_number(amount)} {commodity.symbol}"
            for commodity, amount in sums.items()
        )


def hledger_lines(journal: Journal) -> Iterator[str]:
    """A journal in the syntax of hledger 1.25, with every account, commodity and payee declared."""
    yield from (f"; {text}" for text in (plain_text(journal.title), *_WHAT_IT_IS))
    yield ""
    for commodity in journal.commodities:
        yield f"; {commodity.symbol}: {commodity.meaning} [{commodity.unit}]"
        yield f"commodity {_hledger_amount(1000 * commodity.rounded(1), commodity)}"
    yield ""
    balances = journal.balances()
    yield from (f"account {account}" for account in balances)
    yield ""
    yield from (
        f"payee {payee}" for payee in sorted({*map(_hledger_payee, journal.entries), *([_CLOSING] if balances else [])})
    )
    for entry in journal.entries:
        yield ""
        yield f"{entry.posted_on} * ({entry.entry_id}) {_hledger_payee(entry)} | {_hledger_text(entry.narration)}"
        yield from (f"    ; {kind}: {' '.join(ids)}" for kind, ids in entry.facts.items())
        yield from (f"    {leg.account}  {_hledger_amount(leg.amount, leg.commodity)}" for leg in entry.legs)
    for account, sums in balances.items():
        yield ""
        yield f"{journal.closing_day} * {_CLOSING} | {account}"
        for commodity, amount in sums.items():
            nothing = _hledger_amount(commodity.rounded(0), commodity)
            yield f"    {account}  {nothing} = {_hledger_amount(amount, commodity)}"


_CLOSING = "Balances"


def _number(amount: Decimal) -> str:
    """An amount with all its decimals and no exponent."""
    return f"{amount:f}"


def _quoted(text: str) -> str:
    """A text in the quotes of Beancount."""
    return '"' + plain_text(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _hledger_text(text: str) -> str:
    """A text without the signs that end a description (;) or part it (|); hledger has no way to escape them."""
    return plain_text(text).replace(";", ",").replace("|", "/")


def _hledger_payee(entry: Entry) -> str:
    """The payee of an entry."""
    return _hledger_text(entry.payee) or "unnamed"


def _hledger_amount(amount: Decimal, commodity: Commodity) -> str:
    """An amount with its symbol in quotes, as hledger wants symbols with digits or underscores."""
    return f'{_number(amount)} "{commodity.symbol}"'
