"""The largest circulation in a network of payments: what of the money can come back to where it started, by whom."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np

Edge = tuple[str, str]
# Flows below this share of the largest amount are what floating point leaves, not money.
NEGLIGIBLE = 1e-9


def largest_circulation(amounts: Mapping[Edge, float]) -> dict[Edge, float]:
    """The flow on each edge in a circulation of the largest total, in the unit of the amounts.

    At every party as much flows in as out, and on no edge more than its amount. The total is unique; where several
    circulations have it, the one is taken that the solver finds first on the edges in the order of their names.

    Args:
        amounts: what the first party of an edge pays the second one, zero or more.

    Returns:
        Edges with a flow above zero.
    """
    return _solved(amounts, dict.fromkeys(amounts, 1.0))


def largest_return(amounts: Mapping[Edge, float], party: str) -> float:
    """The most that can come back to one party of what it pays, in the unit of the amounts.

    It is the maximum flow from the party through the network back to itself.
    """
    flows = _solved(amounts, {edge: 1.0 for edge in amounts if edge[0] == party})
    return sum(flow for (payer, _), flow in flows.items() if payer == party)


def _solved(amounts: Mapping[Edge, float], gains: Mapping[Edge, float]) -> dict[Edge, float]:
    """A circulation that maximises the sum of gains times flows, by HiGHS."""
    from scipy.optimize import linprog

    edges = sorted(edge for edge, amount in amounts.items() if amount > 0 and edge[0] != edge[1])
    edges = _on_cycles(edges)
    if not edges:
        return {}
    largest = max(amounts[edge] for edge in edges)
    solution = linprog(
        c=[-gains.get(edge, 0.0) for edge in edges],
        A_eq=_conservation(edges),
        b_eq=[0.0] * len({party for edge in edges for party in edge}),
        bounds=[(0.0, amounts[edge] / largest) for edge in edges],
        method="highs-ds",
    )
    flows = {edge: float(flow) * largest for edge, flow in zip(edges, solution.x, strict=True)}
    return {edge: flow for edge, flow in flows.items() if flow > NEGLIGIBLE * largest}


def _conservation(edges: Iterable[Edge]) -> np.ndarray:
    """One row per party, one column per edge: +1 where the party receives, -1 where it pays."""
    import numpy as np

    listed = list(edges)
    rows = {party: row for row, party in enumerate(sorted({party for edge in listed for party in edge}))}
    matrix = np.zeros((len(rows), len(listed)))
    for column, (payer, payee) in enumerate(listed):
        matrix[rows[payer], column] = -1.0
        matrix[rows[payee], column] = 1.0
    return matrix


def _on_cycles(edges: list[Edge]) -> list[Edge]:
    """The edges that may lie on a cycle: parties that only pay or only receive are cut off, again and again."""
    kept = edges
    while True:
        payers, payees = {payer for payer, _ in kept}, {payee for _, payee in kept}
        fewer = [edge for edge in kept if edge[0] in payees and edge[1] in payers]
        if len(fewer) == len(kept):
            return kept
        kept = fewer


def cycles_of(flows: Mapping[Edge, float]) -> list[tuple[tuple[str, ...], float]]:
    """A circulation as cycles with amounts: the shortest first, of equally long ones the first by name.

    The amounts of the cycles through an edge sum to its flow. A circulation can be taken apart in several ways; this
    one depends on names and flows alone.
    """
    left = dict(flows)
    tolerance = NEGLIGIBLE * max(left.values(), default=0.0)
    found: list[tuple[tuple[str, ...], float]] = []
    while cycle := _shortest_cycle(left):
        edges = list(zip(cycle, (*cycle[1:], cycle[0]), strict=True))
        amount = min(left[edge] for edge in edges)
        found.append((cycle, amount))
        for edge in edges:
            left[edge] -= amount
            if left[edge] <= tolerance:
                del left[edge]
    return found


def _shortest_cycle(flows: Mapping[Edge, float]) -> tuple[str, ...] | None:
    """The shortest cycle, of equally long ones the first by name, beginning with the first name in it."""
    nexts: defaultdict[str, list[str]] = defaultdict(list)
    for payer, payee in sorted(flows):
        nexts[payer].append(payee)
    cycles = [cycle for party in sorted(nexts) if (cycle := _cycle_through(party, nexts)) is not None]
    return min(cycles, key=lambda cycle: (len(cycle), cycle), default=None)


def _cycle_through(start: str, nexts: Mapping[str, list[str]]) -> tuple[str, ...] | None:
    """The shortest cycle through a party, with the first names on the way."""
    paths: dict[str, tuple[str, ...]] = {start: (start,)}
    waiting = deque([start])
    while waiting:
        party = waiting.popleft()
        for other in nexts.get(party, ()):
            if other == start:
                cycle = paths[party]
                first = cycle.index(min(cycle))
                return cycle[first:] + cycle[:first]
            if other not in paths:
                paths[other] = (*paths[party], other)
                waiting.append(other)
    return None
