"""The postings as entries of a journal: rounded once, with the text, the facts and the balances that journals carry."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any

from gigaledger.reconciliation import SHOWN_MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gigaledger.ledger import Ledger

# Decimals to which an amount is rounded: one watt, one cent, a millionth of a chip.
DECIMALS = {"USD": 2, "USD/year": 2}
OTHER_DECIMALS = 6
_ROOTS = {
    "pledged": "Liabilities:Pledged",
    "unidentified": "Assets:Unidentified",
    "operational": "Assets:Operational",
    "under_construction": "Assets:UnderConstruction",
    "planned": "Assets:Planned",
    "unclaimed": "Equity:Unclaimed",
}
# Invisible characters that turn the direction of what follows them.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Commodity:
    """One measure as a commodity: its symbol, its name, its unit, and the decimals of its amounts."""

    measure: str
    symbol: str
    unit: str
    meaning: str
    decimals: int

    def rounded(self, amount: float) -> Decimal:
        """An amount rounded to the decimals of the commodity; an amount and its negative round alike."""
        return Decimal(repr(amount)).quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Leg:
    """One amount on one account."""

    account: str
    amount: Decimal
    commodity: Commodity


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its legs sum to zero in each commodity."""

    entry_id: str
    kind: str
    posted_on: dt.date
    payee: str
    narration: str
    legs: tuple[Leg, ...]
    # The facts behind the entry and the sources of these, by the name of the kind: statement, milestone, claim, source.
    facts: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Journal:
    """The entries in the order of their days, the accounts that they use, and what each account comes to."""

    title: str
    as_of: dt.date
    commodities: tuple[Commodity, ...]
    entries: tuple[Entry, ...]

    @property
    def first_day(self) -> dt.date:
        """The day on which the accounts are opened."""
        return min((entry.posted_on for entry in self.entries), default=self.as_of)

    @property
    def closing_day(self) -> dt.date:
        """The day after everything that the journal knows, on which the balances are asserted."""
        return min(self.as_of, dt.date.max - dt.timedelta(days=1)) + dt.timedelta(days=1)

    def balances(self) -> dict[str, dict[Commodity, Decimal]]:
        """The sum of the rounded amounts by account and commodity."""
        sums: defaultdict[str, defaultdict[Commodity, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for entry in self.entries:
            for leg in entry.legs:
                sums[leg.account][leg.commodity] += leg.amount
        return {account: dict(sums[account]) for account in sorted(sums)}

    def amount_count(self) -> int:
        """The number of amounts: those of entries, and the asserted balances."""
        return sum(len(entry.legs) for entry in self.entries) + sum(len(sums) for sums in self.balances().values())


def plain_text(text: str | None) -> str:
    """A name as one line: no control characters, no line breaks, nothing that turns the direction of what follows."""
    kept = "".join(
        " " if unicodedata.category(sign) in {"Cc", "Zl", "Zp", "Cs"} else sign
        for sign in text or ""
        if sign not in _TURNING
    )
    return " ".join(kept.split())


def read_journal(ledger: Ledger, as_of: dt.date | None = None, measures: Sequence[str] | None = None) -> Journal:
    """The postings of a ledger at a date as a journal.

    Args:
        ledger: an open ledger.
        as_of: only facts known on this day; none: the newest `known_on` of the ledger.
        measures: the measures to post; none: those that the main job shows.

    Returns:
        The journal. Each amount is rounded once, so that the legs of an entry cancel exactly, and each balance is the
        sum of rounded amounts.
    """
    day = as_of or ledger.as_of
    asked = list(measures or SHOWN_MEASURES)
    ledger.install("audit")
    with ledger.keeping() as keep:
        keep("site_line_as_of", "as_of", [day])
        keep("deal_line_as_of", "as_of", [day])
        ledger.rate("from reckoned_pair_as_of($1::date)", [day])
        postings = ledger.records(_POSTINGS, [day, asked])
    commodities = {
        row["measure"]: Commodity(
            row["measure"],
            row["measure"].upper(),
            row["unit"],
            row["meaning"],
            DECIMALS.get(row["unit"], OTHER_DECIMALS),
        )
        for row in ledger.records(_MEASURES, [asked])
    }
    facts = _facts_by_entry(ledger.rows(_FACTS, [day]))
    components = {kind: _components(row[kind] for row in postings) for kind in ("programme_id", "site_id")}
    by_entry: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in postings:
        by_entry[row["entry_id"]].append(row)
    entries = (_entry(rows, commodities, components, facts) for rows in by_entry.values())
    return Journal(
        title=f"Gigaledger as known on {day.isoformat()}",
        as_of=day,
        commodities=tuple(commodities.values()),
        entries=tuple(entry for entry in entries if entry.legs),
    )


_POSTINGS = """
select posting.*, deal.title, site.name as site_name, programme.name as programme_name
from posting_as_of($1::date, measures := $2::varchar[]) as posting
left join deal using (deal_id)
left join site using (site_id)
left join programme on posting.programme_id = programme.programme_id
order by posting.posted_on, posting.entry_id, posting.measure, posting.amount_mean desc
"""

_MEASURES = """
select measure, unit, meaning from measure where list_contains($1::varchar[], measure) order by physical_rank
"""

_FACTS = "select entry_id, fact_kind, fact_id, source_id from posting_fact_as_of($1::date)"


def _facts_by_entry(rows: Iterable[tuple[Any, ...]]) -> dict[str, dict[str, tuple[str, ...]]]:
    """The ids of facts and sources by entry and kind, in the order of ids."""
    found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for entry_id, kind, fact_id, source_id in rows:
        found[entry_id][kind].add(fact_id)
        if source_id is not None:
            found[entry_id]["source"].add(source_id)
    return {entry: {kind: tuple(sorted(ids)) for kind, ids in kinds.items()} for entry, kinds in found.items()}


def _components(ids: Iterable[str | None]) -> dict[str, str]:
    """The parts of account names by id: `new-carlisle` is `New-carlisle`; ids that would be one get a number."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for one in sorted({one for one in ids if one is not None}):
        name = plain = one[0].upper() + one[1:].replace(".", "-").replace("_", "-")
        number = 1
        while name in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name)
        names[one] = name
    return names


def _entry(
    rows: Sequence[dict[str, Any]],
    commodities: dict[str, Commodity],
    components: dict[str, dict[str, str]],
    facts: dict[str, dict[str, tuple[str, ...]]],
) -> Entry:
    """One entry from its postings; an amount that rounds to nothing posts nothing."""
    first = rows[0]
    legs = (
        Leg(
            _account(row, components),
            commodities[row["measure"]].rounded(row["amount_mean"]),
            commodities[row["measure"]],
        )
        for row in rows
    )
    programme = plain_text(first["programme_name"] or first["programme_id"])
    site = plain_text(first["site_name"] or first["site_id"])
    stage = (first["stage"] or "").replace("_", " ")
    payee, narration = {
        "pledge": (programme, f"Pledged: {plain_text(first['title']) or first['deal_id']}"),
        "milestone": (site, f"{stage.capitalize()} at {site}"),
        "claim": (programme, f"Claimed of {site}, {stage}"),
    }[first["entry_kind"]]
    return Entry(
        first["entry_id"],
        first["entry_kind"],
        first["posted_on"],
        payee,
        narration,
        tuple(leg for leg in legs if leg.amount),
        {**_own_ids(first), **facts.get(first["entry_id"], {})},
    )


def _own_ids(row: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """The ids of programme, deal and site of an entry, where it has them."""
    return {key: (row[f"{key}_id"],) for key in ("programme", "deal", "site") if row[f"{key}_id"] is not None}


def _account(row: dict[str, Any], components: dict[str, dict[str, str]]) -> str:
    """The name of an account: that of a programme for pledges and remainders, that of a site for all others."""
    owner = "programme_id" if row["account"] in {"pledged", "unidentified"} else "site_id"
    return f"{_ROOTS[row['account']]}:{components[owner][row[owner]]}"
