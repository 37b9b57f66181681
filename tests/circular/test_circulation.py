"""The largest circulation on networks with known answers, and against NetworkX on random ones."""

from __future__ import annotations

import random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gigaledger.circulation import Edge, cycles_of, largest_circulation, largest_return

PARTIES = st.sampled_from("abcdefg")
NETWORKS = st.dictionaries(st.tuples(PARTIES, PARTIES), st.integers(0, 1000), max_size=25)


def total(amounts: dict[Edge, float]) -> float:
    return sum(largest_circulation(amounts).values())


def test_two_way_pair_circulates_the_smaller_amount() -> None:
    assert largest_circulation({("a", "b"): 10.0, ("b", "a"): 30.0}) == pytest.approx({("a", "b"): 10, ("b", "a"): 10})


def test_triangle_circulates_its_smallest_edge() -> None:
    flows = largest_circulation({("a", "b"): 5.0, ("b", "c"): 3.0, ("c", "a"): 9.0})
    assert flows == pytest.approx({("a", "b"): 3, ("b", "c"): 3, ("c", "a"): 3})
    assert cycles_of(flows) == [(("a", "b", "c"), pytest.approx(3))]


def test_two_triangles_through_one_edge_share_it() -> None:
    # Through a to b pass 10; 6 can come back over c and 7 over d, so the edge fills: 3 edges x 6 + 3 x 4 = 30 in all.
    amounts = {("a", "b"): 10.0, ("b", "c"): 6.0, ("c", "a"): 6.0, ("b", "d"): 7.0, ("d", "a"): 7.0}
    assert total(amounts) == pytest.approx(30)
    assert largest_return(amounts, "a") == pytest.approx(10)
    assert largest_return(amounts, "d") == pytest.approx(7)


def test_longer_way_round_wins_when_it_moves_more() -> None:
    # Both ways need the edge from b to a (4): over c and d it moves 4 on four edges, directly 4 on two.
    amounts = {("b", "a"): 4.0, ("a", "b"): 4.0, ("a", "c"): 4.0, ("c", "d"): 4.0, ("d", "b"): 4.0}
    assert total(amounts) == pytest.approx(16)


def test_money_that_never_comes_back_does_not_circulate() -> None:
    assert largest_circulation({("a", "b"): 5.0, ("b", "c"): 5.0, ("a", "c"): 5.0}) == {}
    assert largest_circulation({("a", "a"): 5.0}) == largest_circulation({}) == {}
    assert largest_return({("a", "b"): 5.0}, "a") == 0


@settings(deadline=None, max_examples=60)
@given(NETWORKS)
def test_total_is_that_of_networkx(network: dict[Edge, int]) -> None:
    graph = nx.DiGraph()
    graph.add_nodes_from("abcdefg", demand=0)
    for (payer, payee), amount in network.items():
        if payer != payee:
            graph.add_edge(payer, payee, capacity=amount, weight=-1)
    cost = nx.min_cost_flow_cost(graph)
    assert total({edge: float(amount) for edge, amount in network.items()}) == pytest.approx(-cost, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(NETWORKS, PARTIES)
def test_return_is_the_maximum_flow_from_a_party_to_itself(network: dict[Edge, int], party: str) -> None:
    graph = nx.DiGraph()
    graph.add_nodes_from(["out", "in"])
    for (payer, payee), amount in network.items():
        if payer != payee:
            graph.add_edge("out" if payer == party else payer, "in" if payee == party else payee, capacity=amount)
    expected = nx.maximum_flow_value(graph, "out", "in")
    assert largest_return({edge: float(one) for edge, one in network.items()}, party) == pytest.approx(
        expected, abs=1e-6
    )


@settings(deadline=None, max_examples=60)
@given(NETWORKS, st.integers(0, 99))
def test_flows_are_a_circulation_and_their_cycles_sum_to_them(network: dict[Edge, int], seed: int) -> None:
    amounts = {edge: float(amount) for edge, amount in network.items()}
    flows = largest_circulation(amounts)
    for party in "abcdefg":
        paid = sum(flow for (payer, _), flow in flows.items() if payer == party)
        received = sum(flow for (_, payee), flow in flows.items() if payee == party)
        assert paid == pytest.approx(received, abs=1e-6)
    assert all(flow <= amounts[edge] * (1 + 1e-9) + 1e-6 for edge, flow in flows.items())
    through: dict[Edge, float] = dict.fromkeys(flows, 0.0)
    for parties, amount in cycles_of(flows):
        assert len(set(parties)) == len(parties) >= 2
        for edge in zip(parties, (*parties[1:], parties[0]), strict=True):
            through[edge] += amount
    assert through == pytest.approx(flows, abs=1e-5)
    # The order in which edges are given changes nothing.
    shuffled = list(amounts.items())
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - an order, not a secret
    again = largest_circulation(dict(shuffled))
    assert again == flows
    assert cycles_of(dict(sorted(again.items(), reverse=True))) == cycles_of(flows)
