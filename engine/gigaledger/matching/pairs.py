"""Deals and sites of a ledger as they are compared: words, parties, states, chips, days and sizes [MW of IT power]."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gigaledger.sources.epoch.parties import attributions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from gigaledger.ledger import Ledger

# Layers that no site can serve: money changes hands, nothing is built for it.
MONEY_LAYERS = ("equity", "debt", "guarantee")
SHORTEST_NAME = 4  # letters
_LINKS = frozenset(["and", "to"])  # between the numbers of a list
_WORD = re.compile(r"[a-z0-9]+")
_USERS = re.compile(r"users ([^;.]*)")
# Words of every site and deal, which tell none apart; names of parties are compared by themselves.
_COMMON = frozenset((Path(__file__).resolve().parent / "common_words.txt").read_text(encoding="utf-8").split())


@dataclass(slots=True)
class Deal:
    """A deal as it is compared."""

    deal_id: str
    title: str
    layer: str
    title_words: frozenset[str]
    words: frozenset[str]  # of all its texts
    parties: dict[str, str]  # organization_id by role: buyer, seller, beneficiary
    states: frozenset[str]
    own_states: frozenset[str]  # without those of its programme
    programme_id: str | None
    part_of: str | None
    status: str
    designer: str | None
    starts_on: dt.date
    ends_on: dt.date | None
    it_power_mw: tuple[float, float, float] | None  # 5th, 50th, 95th percentile


@dataclass(slots=True)
class Site:
    """A site as it is compared."""

    site_id: str
    name: str
    state: str | None
    country: str | None
    name_words: frozenset[str]
    short_words: frozenset[str]  # of the name without what stands in brackets
    words: frozenset[str]  # of all its texts
    owners: frozenset[str]
    users: frozenset[str]
    designers: frozenset[str]
    first_on: dt.date | None
    last_on: dt.date | None
    it_power_mw: tuple[float, float] | None  # 5th and 95th percentile of all stages
    telling: frozenset[str] = frozenset()  # the words of the name that tell it from other sites

    @property
    def parties(self) -> frozenset[str]:
        """Who owns, runs or uses the site."""
        return self.owners | self.users


@dataclass(slots=True)
class Candidates:
    """The deals and sites that may belong together, and the claims that are known."""

    deals: list[Deal] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    claimed: set[tuple[str, str]] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)  # organization_id to name
    states: frozenset[str] = frozenset()  # names in lower case


def candidates(ledger: Ledger) -> Candidates:
    """What of a ledger may be matched, as known on its newest day."""
    found = Candidates(names=dict(ledger.rows("select organization_id, name from organization")))
    found.claimed = set(ledger.rows("select deal_id, site_id from claim where share_best > 0"))
    day = ledger.as_of
    ledger.rate(
        "select chip_id, year from deal_line_as_of($1::date) union select chip_id, year from site_line_as_of($1::date)",
        [day],
    )
    states = {name.casefold(): state for state, name in ledger.rows("select state, name from state")}
    found.states = frozenset(states)
    known = _Names(found.names, states)
    found.deals = _deals(ledger, known)
    found.sites = _sites(ledger, known)
    return found


class _Names:
    """Names of parties and states in texts."""

    def __init__(self, names: dict[str, str], states: dict[str, str]) -> None:
        """Take organisations by identifier and states by name."""
        self.states = states
        self._ids = {}
        for key, name in names.items():
            for form in (key.replace("-", " "), name, re.sub(r"\(.*?\)", "", name)):
                self._ids[" ".join(_WORD.findall(form.casefold()))] = key
            for form in re.findall(r"\((.*?)\)", name):
                self._ids.setdefault(" ".join(_WORD.findall(form.casefold())), key)

    def party(self, name: str) -> str:
        """The identifier of a party by its name, or the name in lower case."""
        words = " ".join(_WORD.findall(name.casefold()))
        if words in self._ids:
            return self._ids[words]
        from rapidfuzz import fuzz, process

        is_long = len(words) >= SHORTEST_NAME  # shorter names are all near each other
        near = process.extractOne(words, list(self._ids), scorer=fuzz.ratio, score_cutoff=90) if is_long else None
        return self._ids[near[0]] if near else words

    def states_in(self, text: str) -> frozenset[str]:
        """The states that a text names."""
        folded = text.casefold()
        return frozenset(code for name, code in self.states.items() if re.search(rf"\b{name}\b", folded))


def words_of(*texts: str | None) -> frozenset[str]:
    """The telling words of texts, in lower case; a number counts with the word before it, as in `colossus1`."""
    found = set()
    for text in texts:
        words = _WORD.findall((text or "").casefold())
        found |= {word for word in words if word not in _COMMON and not word.isdigit()}
        found |= set(_numbered(words))
    return frozenset(found)


def _numbered(words: list[str]) -> Iterator[str]:
    """Words with the number of one figure after them, also in lists: `colossus 1 and 2` has colossus1 and colossus2."""
    counted = ""
    for word, following in itertools.pairwise(["", *words]):
        if following.isdigit() and len(following) == 1:
            if not word.isdigit() and word not in _LINKS:
                counted = "" if word in _COMMON else word
            if counted:
                yield f"{counted}{following}"
        elif following not in _LINKS:
            counted = ""


def name_words_of(name: str) -> frozenset[str]:
    """The telling words of a name; a word with a number after it counts only together with it."""
    words = words_of(name)
    numbered = Counter(word[:-1] for word in words if word[-1].isdigit() and word[:-1] in words)
    return words - {word for word, numbers in numbered.items() if numbers == 1}


def _deals(ledger: Ledger, known: _Names) -> list[Deal]:
    """The deals that capacity can serve."""
    sizes = {
        deal_id: (low, middle, high)
        for deal_id, low, middle, high in ledger.rows(_DEAL_SIZES, [ledger.as_of])
        if middle is not None
    }
    deals = []
    for row in ledger.records(_DEALS, [list(MONEY_LAYERS)]):
        text = " ".join(filter(None, (row["title"], row["note"], row["programme"], row["description"])))
        roles = {role: row[f"{role}_id"] for role in ("buyer", "seller", "beneficiary") if row[f"{role}_id"]}
        states = known.states_in(text) | frozenset((row["states"] or "").split(";")) - {""}
        deals.append(
            Deal(
                row["deal_id"],
                row["title"],
                row["layer"],
                words_of(row["title"], row["deal_id"]),
                words_of(row["title"], row["note"], row["deal_id"], row["locators"]),
                roles,
                states,
                known.states_in(" ".join(filter(None, (row["title"], row["note"])))),
                row["programme_id"],
                row["part_of"],
                row["status"],
                row["designer_id"],
                row["starts_on"] or row["announced_on"],
                row["ends_on"],
                sizes.get(row["deal_id"]),
            )
        )
    return deals


def _sites(ledger: Ledger, known: _Names) -> list[Site]:
    """The sites of the ledger."""
    sizes = {
        site_id: (low, high) for site_id, low, high in ledger.rows(_SITE_SIZES, [ledger.as_of]) if high is not None
    }
    sites = []
    for row in ledger.records(_SITES):
        users = _USERS.search(row["note"] or "")
        named = attributions(users[1]) if users and "none" not in users[1] else []
        name = name_words_of(f"{row['name']} {row['site_id']}")
        bare = name_words_of(f"{re.sub(r'[(].*?[)]', '', row['name'])} {row['site_id']}")
        code = {(row["state"] or "").casefold()}
        sites.append(
            Site(
                row["site_id"],
                row["name"],
                row["state"],
                row["country"],
                name - code,
                bare - code,
                words_of(row["name"], row["site_id"], row["note"]),
                frozenset(filter(None, (row["operator_id"], row["owner_id"]))),
                frozenset(known.party(re.sub(r"\s*\(\w+\)$", "", one.name)) for one in named),
                frozenset(row["designers"] or ()),
                row["first_on"],
                row["last_on"],
                sizes.get(row["site_id"]),
            )
        )
    return sites


_DEALS = """
select
    deal.*,
    programme.name as programme,
    programme.description,
    programme.states,
    chip.designer_id,
    (select string_agg(locator, ' ' order by statement_id) from statement where deal_id = deal.deal_id) as locators,
from deal
left join programme using (programme_id)
left join chip using (chip_id)
where deal.layer not in (select unnest($1::varchar[])) and deal.status <> 'cancelled'
order by deal.deal_id
"""
_SITES = """
select
    site.*,
    min(milestone.on_date) as first_on,
    max(milestone.on_date) as last_on,
    list_sort(list(distinct chip.designer_id) filter (chip.designer_id is not null)) as designers,
from site
left join milestone using (site_id)
left join chip using (chip_id)
group by all
order by site.site_id
"""
_DEAL_SIZES = """
select deal_id, quantile_cont(amount, 0.05), quantile_cont(amount, 0.5), quantile_cont(amount, 0.95)
from deal_draw_as_of($1::date, measures := ['it_power'])
group by deal_id
"""
_SITE_SIZES = """
select
    site_id,
    quantile_cont(operational + under_construction + planned, 0.05),
    quantile_cont(operational + under_construction + planned, 0.95),
from site_draw_as_of($1::date, measures := ['it_power'])
group by site_id
"""
