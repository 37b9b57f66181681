"""The results of a reconciliation, some programmes at a time, so that memory does not grow with their number."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from gigaledger.bulk import rated_programmes, statistics
from gigaledger.bulk_draws import store_draws
from gigaledger.bulk_facts import facts_as_of
from gigaledger.bulk_queries import IDENTIFIED, OWN_DEVIATES, PLEDGES
from gigaledger.bulk_tables import store_rows
from gigaledger.results import STAGES, STATISTICS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from gigaledger.bulk import Draws, Rated
    from gigaledger.bulk_facts import Facts
    from gigaledger.ledger import Keep, Ledger

# The draws of so many programmes are held in DuckDB at once, some 100 MB.
PROGRAMMES_AT_ONCE = 200
# Intervals by measure and stage.
Stages = dict[str, dict[str, dict[str, Any] | None]]


@dataclass
class Results:
    """The results of some programmes by programme_id.

    Attributes:
        programmes: their ids.
        accounts: rows of `reconciliation_as_of`.
        drivers: rows of `driver_as_of`.
        costs: row of `identified_cost_as_of`.
        sites: intervals by site_id, measure and stage.
        states: intervals by country and state, measure and stage.
    """

    programmes: list[str] = field(default_factory=list)
    accounts: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    drivers: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    costs: dict[str, dict[str, Any]] = field(default_factory=dict)
    sites: dict[str, dict[str, Stages]] = field(default_factory=lambda: defaultdict(dict))
    states: dict[str, dict[tuple[str, str], Stages]] = field(default_factory=lambda: defaultdict(dict))


def reconciled(
    ledger: Ledger, keep: Keep, day: dt.date, measures: list[str], *, is_for_terminal: bool
) -> Iterator[Results]:
    """The results of all programmes, in groups and in the order of their ids.

    Args:
        ledger: a ledger that keeps `site_line_as_of` and `deal_line_as_of` and has the rates of their pairs.
        keep: keeps the rows of a macro while the question lasts.
        day: the date.
        measures: the measures asked for; drivers are those of the first.
        is_for_terminal: sites in the first measure alone, and no states.
    """
    facts = facts_as_of(ledger, keep, day, measures)
    keep("own_stream_as_of", "as_of", [day])
    keep("site_without_figure_as_of", "as_of", [day])
    _store_deviates(ledger, facts)
    keep("own_deviate_as_of", "as_of", [], rows=OWN_DEVIATES)
    units = dict(ledger.rows("select measure, unit from measure"))
    shown = [(measure, units[measure]) for measure in (measures[:1] if is_for_terminal else measures)]
    states = _states(ledger, facts)
    group: list[Rated] = []
    results = Results()
    for rated in rated_programmes(facts):
        group.append(rated)
        results.programmes += [facts.programmes[place] for place in rated.programmes]
        if not is_for_terminal:
            keys, sums = _state_sums(rated, states)
            for (programme, state), stages in zip(keys, _intervals(sums, shown), strict=True):
                results.states[facts.programmes[programme]][state] = stages
        for (programme, site), stages in zip(rated.pairs, _intervals(rated.shares, shown), strict=True):
            results.sites[facts.programmes[programme]][facts.sites[site]] = stages
        is_last = rated.programmes[-1] == facts.programme_count - 1
        if is_last or sum(len(one.programmes) for one in group) >= PROGRAMMES_AT_ONCE:
            _store_draws(ledger, group)
            keep("programme_pledge_draw_as_of", "as_of, measures := null", [], rows=PLEDGES)
            keep("programme_identified_draw_as_of", "as_of, measures := null", [], rows=IDENTIFIED)
            keep("reconciliation_draw_as_of", "as_of, measures := null", [day, measures])
            _add_accounts(ledger, day, measures, results)
            yield results
            group, results = [], Results()


def _intervals(draws: Draws, measures: list[tuple[str, str]]) -> Iterator[Stages]:
    """Intervals by measure and stage for each first place of the draws, which are sorted; null where unknown."""
    for by_measure in statistics(draws[:, : len(measures)]).tolist():
        yield {
            measure: {
                stage: {**dict(zip(STATISTICS, values, strict=True)), "unit": unit} if values[2] == values[2] else None
                for stage, values in zip(STAGES, by_stage, strict=True)
            }
            for (measure, unit), by_stage in zip(measures, by_measure, strict=True)
        }


def _states(ledger: Ledger, facts: Facts) -> list[tuple[str, str]]:
    """Country and state of every claimed site."""
    by_site = {
        site: (country, state) for site, country, state in ledger.rows("select site_id, country, state from site")
    }
    return [by_site[site] for site in facts.sites]


def _state_sums(rated: Rated, states: list[tuple[str, str]]) -> tuple[list[tuple[int, tuple[str, str]]], Draws]:
    """The sums over the sites of each programme and state."""
    members: dict[tuple[int, tuple[str, str]], list[int]] = defaultdict(list)
    for place, (programme, site) in enumerate(rated.pairs.tolist()):
        members[programme, states[site]].append(place)
    sums = [rated.shares[places].sum(axis=0) for places in members.values()]
    return list(members), np.stack(sums) if sums else rated.shares


def _store_deviates(ledger: Ledger, facts: Facts) -> None:
    """Give the deviates of every stream to DuckDB, which holds the drivers."""
    deviates = np.asarray([z for (z,) in ledger.rows("select z from stratum order by draw")])
    streams, draws = facts.stratum.shape
    rows = {
        "place": np.repeat(np.arange(streams), draws),
        "draw": np.tile(np.arange(draws), streams),
        "z": deviates[facts.stratum].reshape(-1),
    }
    store_rows(
        ledger, "bulk_deviate", rows, "select place, list(z order by draw) as draws from bulk_rows group by place"
    )


def _store_draws(ledger: Ledger, group: list[Rated]) -> None:
    """Give the draws of some programmes to DuckDB, which holds the identity."""
    programmes = np.concatenate([rated.programmes for rated in group])
    has_pledge = np.concatenate([rated.has_pledge for rated in group])
    pledged = np.concatenate([rated.pledged for rated in group])
    identified = np.concatenate([rated.identified for rated in group])
    store_draws(ledger, "bulk_pledge", programmes[has_pledge], {"pledged": pledged[has_pledge]})
    stages = {stage: identified[:, :, place] for place, stage in enumerate(STAGES)}
    store_draws(ledger, "bulk_identified", programmes, stages)


def _add_accounts(ledger: Ledger, day: dt.date, measures: list[str], results: Results) -> None:
    """Add what the macros make of the draws that are kept."""
    for record in ledger.records("from reconciliation_as_of($1::date, measures := $2::varchar[])", [day, measures]):
        results.accounts[record["programme_id"]].append(record)
    for record in ledger.records("from driver_as_of($1::date, $2)", [day, measures[0]]):
        results.drivers[record["programme_id"]].append(record)
    if {"it_power", "total_capex"} <= set(measures):
        for record in ledger.records("from identified_cost_as_of($1::date)", [day]):
            results.costs[record.pop("programme_id")] = record
