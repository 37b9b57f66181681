"""The states through which sites pass by quarter, drawn in arrays as `site_state_draw_as_of` draws them row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gigaledger.bulk import gathered_rows, line_amounts, share_beyond
from gigaledger.bulk_facts import columns_of
from gigaledger.bulk_queries import JOINED_SPREAD, SPREAD

if TYPE_CHECKING:
    from gigaledger.bulk import Draws, Places
    from gigaledger.bulk_facts import Facts
    from gigaledger.ledger import Ledger

_PARTS = ("operational", "planned", "planned_as_stated", "reached")

# The places of states and of their lines; the lines stand in `unit_line_as_of` (stage: by_quarter).
_TABLES = {
    "bulk_state": """
        select site_id, state_id, (row_number() over (order by site_id, state_id) - 1)::integer as place
        from (select distinct site_id, state_id from site_quarter_as_of(null))
    """,
    "bulk_quarter_line": f"""
        select
            line.line_id,
            line.target_measure,
            (row_number() over (order by line.line_id, line.target_measure) - 1)::integer as place,
            line.weight,
            {SPREAD},
            rate.place::bigint as rate
        from unit_line_as_of(null, null) as line
        inner join bulk_rate as rate on line.path_id = rate.path_id and line.target_measure = rate.target_measure
        {JOINED_SPREAD}
        where line.stage = 'by_quarter'
    """,
}
_LINES = "select weight, shape, stream, rate from bulk_quarter_line order by place"
_STATE_PARTS = f"""
    select
        state.place::bigint as state,
        (list_position({list(_PARTS)}, part.part) - 1)::bigint as part,
        line.place::bigint as line
    from site_state_part_as_of(null) as part
    inner join bulk_state as state using (site_id, state_id)
    inner join bulk_quarter_line as line using (line_id, target_measure)
    order by 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class States:
    """The states of sites as arrays.

    Attributes:
        facts: rates, shapes and strata to which the lines point.
        count: the number of states.
        state, part, line: one row per state, part and line, by state and part.
        weight, shape, stream, rate: one row per line.
    """

    facts: Facts
    count: int
    state: Places
    part: Places
    line: Places
    weight: Draws
    shape: Places
    stream: Places
    rate: Places


def read_states(ledger: Ledger, facts: Facts) -> States:
    """The states of sites on a day whose lines are kept, with the tables `bulk_state` and `bulk_quarter_line`."""
    for name, query in _TABLES.items():
        ledger.connection.execute(f"create or replace temp table {name} as {query}")
    count = int(ledger.rows("select count(*) from bulk_state")[0][0])
    return States(facts, count, **columns_of(ledger, _STATE_PARTS), **columns_of(ledger, _LINES))


def state_draws(states: States, places: Places) -> Draws:
    """What is operational, and operational or planned, by state, kind and draw; nan where unknown.

    Args:
        states: the states.
        places: those asked for, ascending.
    """
    rows = np.flatnonzero(np.isin(states.state, places))
    lines, line = np.unique(states.line[rows], return_inverse=True)
    amounts = line_amounts(states.facts, states.weight[lines], states.shape[lines], states.stream[lines])
    amounts *= states.facts.rate[states.rate[lines]]
    key = np.searchsorted(places, states.state[rows]) * len(_PARTS) + states.part[rows]
    cells, sums = gathered_rows(np.add, amounts[line], key)
    parts = np.zeros((len(places), len(_PARTS), states.facts.draw_count))
    parts.reshape(-1, states.facts.draw_count)[cells] = sums
    operational, planned, stated, reached = np.moveaxis(parts, 1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = np.where(stated == 0, 0, share_beyond(reached / stated))
    either = operational + planned * beyond
    if states.facts.has_unknown_rates:
        unknown = np.isnan(operational + planned + stated + reached)
        operational, either = np.where(unknown, np.nan, operational), np.where(unknown, np.nan, either)
    return np.stack([operational, either], axis=1)
