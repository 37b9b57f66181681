"""Means and percentiles of a day reckoned in arrays, and kept in place of the formulas that draw a row per draw."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gigaledger.bulk import claimed_shares, deal_amounts, gathered_rows, means, site_states, statistics
from gigaledger.bulk_draws import place_deals
from gigaledger.bulk_facts import columns_of
from gigaledger.bulk_states import read_states, state_draws
from gigaledger.bulk_tables import grouped, store_rows
from gigaledger.results import STAGES, STATISTICS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from gigaledger.bulk import Draws, Places
    from gigaledger.bulk_facts import Facts
    from gigaledger.bulk_states import States
    from gigaledger.ledger import Keep, Ledger

KINDS = ("operational", "operational_or_planned")


@dataclass(frozen=True, slots=True)
class Drawn:
    """Sites draw by draw: their places, and their stages by site, measure, stage and draw; nan where unknown."""

    sites: Places
    stages: Draws


def _interval(name: str) -> str:
    """The mean and the percentiles of a quantity as the formulas give them, null where unknown."""
    points = ", ".join(f"bulk.{name}_{point}" for point in STATISTICS[1:])
    return (
        f"nullif(bulk.{name}_mean, 'nan'::double) as {name}_mean, "
        f"case when not isnan(bulk.{name}_mean) then [{points}] end as {name}"
    )


def _intervals(names: Iterable[str]) -> str:
    """The means and percentiles of several quantities."""
    return ", ".join(_interval(name) for name in names)


_IS_ASKED = "measures is null or list_contains(measures, target.measure)"
# What stands in for each macro: its parameters and its rows.
_ROWS = {
    "deal_interval_as_of": (
        "as_of, measures := null, deals := null",
        f"""
        select deal.deal_id, target.measure, {_interval("amount")}
        from bulk_deal_interval as bulk
        inner join bulk_deal as deal on bulk.place = deal.place
        inner join bulk_target as target on bulk.measure = target.place
        where ({_IS_ASKED}) and (deals is null or list_contains(deals, deal.deal_id))
        """,
    ),
    "site_interval_as_of": (
        "as_of, measures := null",
        f"""
        select site.site_id, target.measure, {_intervals(STAGES)}
        from bulk_site_interval as bulk
        inner join bulk_site as site on bulk.place = site.place
        inner join bulk_target as target on bulk.measure = target.place
        where {_IS_ASKED}
        """,
    ),
    "stage_mean_as_of": (
        "as_of, measures := null",
        f"""
        select programme.programme_id, site.site_id, target.measure,
            {", ".join(f"nullif(bulk.{stage}, 'nan'::double) as {stage}" for stage in STAGES)}
        from (
            select null as programme, place as site, measure,
                {", ".join(f"{stage}_mean as {stage}" for stage in STAGES)}
            from bulk_site_interval
            union all
            select claimed.programme, claimed.site, bulk.measure, {", ".join(f"bulk.{stage}" for stage in STAGES)}
            from bulk_claimed_mean as bulk
            inner join bulk_claimed as claimed using (place)
        ) as bulk
        left join bulk_programme as programme on bulk.programme = programme.place
        inner join bulk_site as site on bulk.site = site.place
        inner join bulk_target as target on bulk.measure = target.place
        where {_IS_ASKED}
        """,
    ),
    "site_state_interval_as_of": (
        "as_of",
        f"""
        select state.site_id, state.state_id, {_intervals(KINDS)}
        from bulk_state_interval as bulk
        inner join bulk_state as state using (place)
        """,
    ),
    "held_interval_as_of": (
        "as_of",
        f"""
        select held.held_id, {_intervals(KINDS)}
        from bulk_held_interval as bulk
        inner join bulk_held as held using (place)
        """,
    ),
    "pledge_interval_as_of": (
        "as_of",
        f"""
        select pledge.pledge_id, target.measure, {_interval("amount")}
        from bulk_pledged_interval as bulk
        inner join bulk_pledged as pledge on bulk.place = pledge.place
        inner join bulk_target as target on bulk.measure = target.place
        """,
    ),
}
_PLACES = {
    "bulk_held": """
        select held_id, any_value(programme_id) as programme_id, any_value(state_ids) as state_ids,
            (row_number() over (order by held_id) - 1)::integer as place
        from held_state_as_of(null)
        group by held_id
    """,
    "bulk_pledged": """
        select pledge_id, any_value(deal_ids) as deal_ids,
            (row_number() over (order by pledge_id) - 1)::integer as place
        from pledged_deal_as_of(null)
        group by pledge_id
    """,
}
_HELD = """
select held.place::bigint as held, state.place::bigint as state, programme.place::bigint as programme,
    site.place::bigint as site
from (select place, programme_id, unnest(state_ids) as state_id from bulk_held) as held
inner join bulk_state as state using (state_id)
inner join bulk_programme as programme using (programme_id)
inner join bulk_site as site using (site_id)
order by 1, 2
"""
_PLEDGED = """
select pledge.place::bigint as pledge, deal.place::bigint as deal
from (select place, unnest(deal_ids) as deal_id from bulk_pledged) as pledge
inner join bulk_deal as deal using (deal_id)
order by 1, 2
"""


def keep_intervals(ledger: Ledger, keep: Keep, facts: Facts, day: dt.date, shown: int) -> Drawn:
    """Keep the means and percentiles of every deal, site and programme on a day, and by quarter as known on it.

    Args:
        ledger: a ledger that keeps `site_state_part_as_of` and what it rests on as of the day.
        keep: keeps the rows of a macro while the question lasts.
        facts: every deal and site of the day.
        day: the date.
        shown: how many of the measures, the first ones, are asked for by quarter.

    Returns:
        The sites with a figure and their stages draw by draw, in the measures shown.
    """
    keep("held_state_as_of", "as_of", [day])
    keep("pledged_deal_as_of", "as_of", [day])
    place_deals(ledger, facts)
    for name, query in _PLACES.items():
        ledger.connection.execute(f"create or replace temp table {name} as {query}")
    states = read_states(ledger, facts)
    _store_deals(ledger, facts)
    drawn = _store_sites(ledger, facts, shown)
    _store_states(ledger, states)
    _store_held(ledger, states)
    _store_pledged(ledger, facts, shown)
    for macro, (signature, rows) in _ROWS.items():
        keep(macro, signature, [], rows=rows)
    return drawn


def _store(ledger: Ledger, name: str, places: Places, names: Iterable[str], values: Draws) -> None:
    """Put the last axis of values, by place and measure, into the columns of a table."""
    count, measures = values.shape[:2]
    columns = dict(zip(names, values.reshape(count * measures, math.prod(values.shape[2:])).T.copy(), strict=True))
    rows = {"place": np.repeat(places, measures), "measure": np.tile(np.arange(measures), count)}
    store_rows(ledger, name, {**rows, **columns})


def _columns(names: Iterable[str]) -> list[str]:
    """The columns of the statistics of quantities."""
    return [f"{name}_{statistic}" for name in names for statistic in STATISTICS]


def _store_deals(ledger: Ledger, facts: Facts) -> None:
    """The intervals of deals."""
    values = np.concatenate(grouped(lambda deals: statistics(deal_amounts(facts, deals)), len(facts.deal_id)))
    _store(ledger, "bulk_deal_interval", np.arange(len(values)), _columns(["amount"]), values)


def _store_sites(ledger: Ledger, facts: Facts, shown: int) -> Drawn:
    """The intervals of sites, and the means of what programmes claim of them."""
    shares, pairs = claimed_shares(facts, slice(None))

    def rated(sites: Places) -> tuple[Places, Draws, Draws, Places, Draws]:
        states, has_figure = site_states(facts, sites)
        claimed = np.flatnonzero(np.isin(pairs[:, 1], sites[has_figure]))
        claimed_means = np.empty((len(claimed), *states.shape[1:3]))
        for place, pair in enumerate(claimed):
            claimed_means[place] = means(states[pairs[pair, 1] - sites[0]] * shares[pair])
        known = states[has_figure]
        drawn = known[:, :shown].copy()
        return sites[has_figure], drawn, statistics(known), pairs[claimed], claimed_means

    sites, drawn, values, claimed, claimed_means = (
        np.concatenate(parts) for parts in zip(*grouped(rated, facts.site_count), strict=True)
    )
    _store(ledger, "bulk_site_interval", sites, _columns(STAGES), values)
    _store(ledger, "bulk_claimed_mean", np.arange(len(claimed)), STAGES, claimed_means)
    places = dict(zip(("programme", "site"), claimed.T.copy(), strict=True))
    store_rows(ledger, "bulk_claimed", {"place": np.arange(len(claimed)), **places})
    return Drawn(sites, drawn)


def _store_states(ledger: Ledger, states: States) -> None:
    """The intervals of the states of sites."""
    values = np.concatenate(grouped(lambda places: statistics(state_draws(states, places)), states.count))
    _store(ledger, "bulk_state_interval", np.arange(states.count), _columns(KINDS), values[:, None])


def _store_held(ledger: Ledger, states: States) -> None:
    """The intervals of what claimed sites come to for programmes: shares x states, summed by set of states."""
    facts = states.facts
    shares, pairs = claimed_shares(facts, slice(None))
    held = columns_of(ledger, _HELD)
    pair = np.searchsorted(pairs @ [facts.site_count, 1], held["programme"] * facts.site_count + held["site"])

    def rated(places: Places) -> Draws:
        rows = slice(*np.searchsorted(held["held"], [places[0], places[-1] + 1]) if len(places) else (0, 0))
        wanted, place = np.unique(held["state"][rows], return_inverse=True)
        contributions = state_draws(states, wanted)[place] * shares[pair[rows]][:, None]
        return statistics(gathered_rows(np.add, contributions, held["held"][rows])[1])

    values = np.concatenate(grouped(rated, int(held["held"].max(initial=-1)) + 1))
    _store(ledger, "bulk_held_interval", np.arange(len(values)), _columns(KINDS), values[:, None])


def _store_pledged(ledger: Ledger, facts: Facts, shown: int) -> None:
    """The intervals of what sets of deals come to, in the measures shown."""
    pledged = columns_of(ledger, _PLEDGED)

    def rated(places: Places) -> Draws:
        rows = slice(*np.searchsorted(pledged["pledge"], [places[0], places[-1] + 1]) if len(places) else (0, 0))
        deals, place = np.unique(pledged["deal"][rows], return_inverse=True)
        amounts = deal_amounts(facts, deals, shown)[place]
        return statistics(gathered_rows(np.add, amounts, pledged["pledge"][rows])[1])

    values = np.concatenate(grouped(rated, int(pledged["pledge"].max(initial=-1)) + 1))
    _store(ledger, "bulk_pledged_interval", np.arange(len(values)), _columns(["amount"]), values)
