"""Why a reconciliation changed between two days: time passed, a fact was revised, a fact is new, an assumption changed.

The day before is taken to the day after in steps, and each step is evaluated whole, with the same draws: the same facts
on the later day; then the facts that were revised since; then those that are new; then other assumptions. What a site
or a deal contributes after a step less what it did before is its part in that step, so that the parts sum to the change
in every draw.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gigaledger.bulk import deal_amounts, rated_programmes, statistics
from gigaledger.bulk_facts import facts_as_of
from gigaledger.reconciliation import ACCOUNTS, DEFAULT_MEASURE, chosen_programmes
from gigaledger.results import STATISTICS, checked_target

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from gigaledger.bulk import Draws
    from gigaledger.ledger import Ledger

# Smaller changes are the last bits of a sum.
SMALLEST_CHANGE = 1e-9
Owner = tuple[str, str, str]
Parts = dict[Owner, "Draws"]


@dataclass(frozen=True)
class Position:
    """What deals and sites contribute to programmes.

    Attributes:
        draws: by programme_id, `deal` or `site`, and id: pledged, operational, under construction, planned, by draw.
        lines: the statements and milestones by which they are reckoned, by id of the deal or site.
    """

    draws: Parts
    lines: dict[str, set[str]]


def explain_change(  # noqa: PLR0913 - one option each of the command line
    ledger: Ledger,
    programme: str | None = None,
    *,
    as_of: dt.date | None = None,
    versus: dt.date,
    measure: str | None = None,
    changed: Ledger | None = None,
) -> dict[str, Any]:
    """The change of a reconciliation between two days, in parts.

    Args:
        ledger: an open ledger.
        programme: programme_id or name; none: all that changed.
        as_of: one of the days; none: the newest `known_on` of the ledger.
        versus: the other day; the earlier of the two is the day before.
        measure: the measure of the amounts; none: IT power.
        changed: the same ledger under other assumptions, which hold on the later day.

    Returns:
        The document of `gigaledger reconcile --versus DAY --json`.
    """
    target = checked_target(ledger, measure or DEFAULT_MEASURE)
    before, after = sorted((versus, as_of or ledger.as_of))
    chosen = chosen_programmes(ledger, programme)
    positions = _positions(ledger, before, after, target, changed)
    facts = _Facts(ledger, before, after)
    unit = ledger.rows("select unit from measure where measure = $1", [target])[0][0]
    names = dict(ledger.rows("select deal_id, title from deal union all select site_id, name from site"))
    told = [_programme(record, positions, facts, names, unit) for record in chosen]
    return {
        "from": before.isoformat(),
        "to": after.isoformat(),
        "measure": target,
        "programmes": [one for one in told if one["parts"] or programme is not None],
        "slips": ledger.records(_SLIPS, [before, after, programme and [one["programme_id"] for one in chosen]]),
        "draws": ledger.rows("select draw_count from run")[0][0],
        "seed": ledger.rows("select seed from run")[0][0],
        "notes": ledger.notes,
    }


def _positions(
    ledger: Ledger, before: dt.date, after: dt.date, measure: str, changed: Ledger | None
) -> list[tuple[str, Position]]:
    """The positions of the two days and those between them, each with the step that leads to it."""
    first = position(ledger, before, measure)
    positions = [("", first)]
    if before < after:
        later: dict[str, tuple[str, list[Any]]] = {table: ("known_on > $1", [before]) for table in _KEYS}
        new: dict[str, tuple[str, list[Any]]] = {
            table: (
                f"{key} in (select fact_id from fact_change($1::date, $2::date) where {_IS_NEW})",
                [before, after, table],
            )
            for table, key in _KEYS.items()
        }
        for step, left_out in (("passage_of_time", later), ("revised_fact", new), ("new_fact", {})):
            with _without(ledger, left_out):
                positions.append((step, position(ledger, after, measure)))
    if changed is not None:
        positions.append(("changed_assumption", position(changed, after, measure)))
    return positions


_KEYS = {"statement": "statement_id", "milestone": "milestone_id", "claim": "claim_id"}
_IS_NEW = "change_kind = 'new_fact' and fact_kind = $3"


@contextmanager
def _without(ledger: Ledger, left_out: dict[str, tuple[str, list[Any]]]) -> Iterator[None]:
    """The ledger without some rows of its tables, which are there again afterwards."""
    rows = {
        table: ledger.rows(f"select {_KEYS[table]} from {table} where {condition}", parameters)
        for table, (condition, parameters) in left_out.items()
    }
    ledger.connection.execute("begin")
    try:
        for table, ids in rows.items():
            ledger.connection.execute(
                f"delete from {table} where {_KEYS[table]} in (select unnest($1::varchar[]))", [[one for (one,) in ids]]
            )
        yield
    finally:
        ledger.connection.execute("rollback")


def position(ledger: Ledger, day: dt.date, measure: str) -> Position:
    """What deals and sites contribute to programmes on a day, in one measure."""
    with ledger.keeping() as keep:
        keep("site_line_as_of", "as_of", [day])
        keep("deal_line_as_of", "as_of", [day])
        ledger.rate("from programme_pair_as_of($1::date)", [day])
        facts = facts_as_of(ledger, keep, day, [measure])
        lines = dict(ledger.rows(_LINES))
    draws: Parts = {}
    amounts = deal_amounts(facts, np.arange(len(facts.deal_id)))[:, 0]
    for deal, programme, amount in zip(facts.deal_id, facts.deal_programme, amounts, strict=True):
        draws[facts.programmes[programme], "deal", deal] = np.stack([amount, *np.zeros((3, facts.draw_count))])
    for rated in rated_programmes(facts):
        for (programme, site), stages in zip(rated.pairs, rated.shares[:, 0], strict=True):
            key = (facts.programmes[programme], "site", facts.sites[site])
            draws[key] = np.concatenate([np.zeros((1, facts.draw_count)), stages])
    return Position(draws, {owner: set(ids) for owner, ids in lines.items()})


_LINES = """
select concat('site ', site_id), list(line_id) from site_line_as_of(null) group by site_id
union all
select concat('deal ', deal_id), [line_id] from deal_line_as_of(null)
"""


class _Facts:
    """The facts that became known between two days, and those that came into force or left it."""

    def __init__(self, ledger: Ledger, before: dt.date, after: dt.date) -> None:
        """Read them once."""
        self._ledger = ledger
        self._by_owner: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in ledger.records(_CHANGES, [before, after]):
            owner = f"deal {row['deal_id']}" if row["fact_kind"] == "statement" else f"site {row['site_id']}"
            self._by_owner[row.pop("change_kind"), owner].append(row)

    def of(self, step: str, programme_id: str, owner: str, lines: tuple[set[str], set[str]]) -> list[dict[str, Any]]:
        """The facts by which a deal or site changed in a step: those reckoned since, or in place of one that was."""
        old, new = lines
        if step == "passage_of_time":
            return self._ledger.records(_IN_FORCE, [sorted(old ^ new), sorted(new)])
        rows = [
            row
            for row in self._by_owner[step, owner]
            if row["fact_kind"] != "claim" or row["programme_id"] == programme_id
        ]
        told = [
            row
            for row in rows
            if row["fact_kind"] == "claim" or row["fact_id"] in new - old or row["old_fact_id"] in old
        ]
        return told or rows


_SOURCES = """
    source.title as source_title, source.url as source_url,
    old_source.title as old_source_title, old_source.url as old_source_url
"""
_CHANGES = f"""
select fact.*, deal.programme_id, {_SOURCES}
from fact_change($1::date, $2::date) as fact
left join deal using (deal_id)
left join source using (source_id)
left join source as old_source on fact.old_source_id = old_source.source_id
order by fact.known_on, fact.fact_kind, fact.fact_id
"""
_IN_FORCE = """
select milestone_id as fact_id, 'milestone' as fact_kind, site_id, stage, on_date, measure, chip_id,
    stated_amount('exact', amount_low, amount_best, amount_high) as amount, unit, known_on, source_id,
    list_contains($2::varchar[], milestone_id) as is_in_force, source.title as source_title, source.url as source_url
from milestone
left join source using (source_id)
where list_contains($1::varchar[], milestone_id)
order by on_date, milestone_id
"""
_SLIPS = """
with served as (
    select site_id, list(distinct programme_id order by programme_id) as programme_ids
    from claim_line_as_of($2::date)
    where $3::varchar[] is null or list_contains($3::varchar[], programme_id)
    group by site_id
)
select served.programme_ids, slip.*, source.title as source_title, source.url as source_url,
    old_source.title as old_source_title, old_source.url as old_source_url
from milestone_slip_as_of($2::date) as slip
inner join served using (site_id)
left join source on slip.source_id = source.source_id
left join source as old_source on slip.old_source_id = old_source.source_id
where slip.known_on > $1
order by slip.site_id, slip.stage, slip.measure, slip.known_on, slip.milestone_id
"""


def _programme(
    record: dict[str, Any], positions: list[tuple[str, Position]], facts: _Facts, names: dict[str, str], unit: str
) -> dict[str, Any]:
    """The accounts of a programme before and after, and the parts of the change between."""
    key = record["programme_id"]
    totals = [
        sum((draws for owner, draws in one.draws.items() if owner[0] == key), np.zeros((4, 1)))
        for _, one in (positions[0], positions[-1])
    ]
    parts = [
        {
            "kind": step,
            "owner_kind": kind,
            "owner_id": owner,
            "name": names[owner],
            **_accounts(draws, unit),
            "facts": facts.of(step, key, f"{kind} {owner}", lines),
        }
        for (step, kind, owner), (draws, lines) in parts_of(key, positions).items()
    ]
    return {
        "programme_id": key,
        "name": record["name"],
        "before": _accounts(totals[0], unit),
        "after": _accounts(totals[1], unit),
        "change": _accounts(totals[1] - totals[0], unit),
        "parts": parts,
    }


def parts_of(
    programme_id: str, positions: list[tuple[str, Position]]
) -> dict[tuple[str, str, str], tuple[Draws, tuple[set[str], set[str]]]]:
    """The parts of a change by step, `deal` or `site`, and id: four accounts by draw; lines before and after."""
    parts = {}
    for (_, old), (step, new) in itertools.pairwise(positions):
        for owner in sorted({one for one in (*old.draws, *new.draws) if one[0] == programme_id}):
            first, second = (one.draws.get(owner, np.zeros((4, 1))) for one in (old, new))
            change = second - first
            if np.nanmax(abs(change), initial=0) > SMALLEST_CHANGE * np.nanmax(
                abs(np.stack(np.broadcast_arrays(first, second))), initial=0
            ):
                name = f"{owner[1]} {owner[2]}"
                parts[step, owner[1], owner[2]] = change, (old.lines.get(name, set()), new.lines.get(name, set()))
    return parts


def _accounts(draws: Draws, unit: str) -> dict[str, Any]:
    """Intervals of the five accounts; null where unknown."""
    every = np.concatenate([draws, draws[:1] - draws[1:].sum(axis=0, keepdims=True)])
    return {
        account: {**dict(zip(STATISTICS, values, strict=True)), "unit": unit} if values[2] == values[2] else None
        for account, values in zip(ACCOUNTS, statistics(every).tolist(), strict=True)
    }
