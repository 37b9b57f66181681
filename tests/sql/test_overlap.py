"""Gross, overlap and counted once, and money between two organisations, worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledgers import Row, bundled_ledger, open_whole, write_ledger

if TYPE_CHECKING:
    from pathlib import Path

    from gigaledger.ledger import Ledger


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return open_whole(write_ledger(tmp_path_factory.mktemp("ledger")))


def totals(ledger: Ledger) -> dict[tuple[str, str, str], tuple[float, float, float]]:
    """Gross, overlap and counted once in IT power [MW] by scope and layer."""
    rows = ledger.rows(
        "select scope_kind, scope_id, layer, round(gross_mean, 6), round(overlap_mean, 6), "
        "round(counted_once_mean, 6) from overlap where measure = 'it_power'"
    )
    return {(kind, scope, layer): tuple(amounts) for kind, scope, layer, *amounts in rows}


def test_part_is_counted_once(small: Ledger) -> None:
    # The first phase (400 MW) lies in the campus (1000 MW); the rent (500 MW) lies in nothing.
    campus, rent, everything = (1400, 400, 1000), (500, 0, 500), (1900, 400, 1500)
    assert totals(small) == {
        ("programme", "lab-campus", "build"): campus,
        ("programme", "lab-campus", "all"): campus,
        ("programme", "lab-cloud", "cloud"): rent,
        ("programme", "lab-cloud", "all"): rent,
        ("beneficiary", "lab", "build"): campus,
        ("beneficiary", "lab", "cloud"): rent,
        ("beneficiary", "lab", "all"): everything,
        ("layer", "build", "build"): campus,
        ("layer", "cloud", "cloud"): rent,
        ("industry", "industry", "all"): everything,
    }


def test_part_on_another_layer_overlaps_across_layers_only(tmp_path: Path) -> None:
    # The rent now stands on the campus: within its layer it is alone; over all layers 400 + 500 MW are told
    # twice.
    found = totals(open_whole(write_ledger(tmp_path, deal=[{"deal_id": "rent", "part_of": "campus"}])))
    assert found["layer", "cloud", "cloud"] == (500, 0, 500)
    assert found["beneficiary", "lab", "all"] == (1900, 900, 1000)
    # In its own programme no other deal contains it.
    assert found["programme", "lab-cloud", "all"] == (500, 0, 500)


def test_part_of_a_cancelled_whole_is_no_overlap(tmp_path: Path) -> None:
    found = totals(open_whole(write_ledger(tmp_path, deal=[{"deal_id": "campus", "status": "cancelled"}])))
    assert found["programme", "lab-campus", "build"] == (400, 0, 400)


def test_pairs_name_the_part_the_whole_and_the_amount(small: Ledger) -> None:
    assert small.rows(
        "select part_deal_id, whole_deal_id, part_layer, whole_layer, amount_mean from overlap_pair "
        "where measure = 'it_power'"
    ) == [("campus-first", "campus", "build", "build", 400.0)]


@pytest.mark.slow
def test_counted_once_lies_between_nothing_and_gross() -> None:
    assert (
        bundled_ledger().rows(
            "from overlap where overlap_mean < 0 or counted_once_mean < 0 "
            "or abs(gross_mean - overlap_mean - counted_once_mean) > 1e-9 * gross_mean"
        )
        == []
    )


def test_money_invested_comes_back_as_purchases(small: Ledger) -> None:
    # Cloud puts 10 B$ into Lab (closed: weight 1); Lab pays Cloud 30 B$ for compute (binding: 0.95).
    flow = small.records("from circular_flow")
    assert len(flow) == 1
    assert flow[0]["party_id"] == "cloud"
    assert flow[0]["counterparty_id"] == "lab"
    assert flow[0]["invested_usd"] == 10e9
    assert flow[0]["bought_back_usd"] == 30e9
    assert flow[0]["net_usd"] == 20e9
    assert flow[0]["net_weighted_usd"] == pytest.approx(0.95 * 30e9 - 10e9)
    assert flow[0]["is_circular"]


def test_money_inside_other_money_of_the_same_two_is_counted_once(tmp_path: Path) -> None:
    # 4 B$ of the 30 B$ are a contract of their own; a loan of 2 B$ from Lab's side is another edge.
    inside: Row = {"announced_on": "2026-05-01", "status": "binding", "part_of": "rent"}
    between: Row = {"buyer_id": "lab", "seller_id": "cloud"}
    deals: list[Row] = [
        {"deal_id": "rent-first", "layer": "cloud", **inside, **between},
        {"deal_id": "loan", "layer": "debt", **inside, **between},
    ]
    price: Row = {"measure": "cloud_contract", "amount_best": 4e9, "unit": "USD"}
    sum_lent: Row = {"measure": "debt", "amount_best": 2e9, "unit": "USD"}
    statements: list[Row] = [
        {"statement_id": "rent-first.price", "deal_id": "rent-first", **price},
        {"statement_id": "loan.debt", "deal_id": "loan", **sum_lent},
    ]
    ledger = open_whole(write_ledger(tmp_path, deal=deals, statement=statements))
    columns = "party_id, counterparty_id, invested_usd, bought_back_usd"
    assert ledger.rows(f"select {columns} from circular_flow") == [
        ("cloud", "lab", 10e9, 30e9),
        ("lab", "cloud", 2e9, 0.0),
    ]


def test_yearly_price_counts_over_its_term(tmp_path: Path) -> None:
    # 2 B$ a year for the stated five years.
    price: Row = {"measure": "cloud_spend", "amount_best": 2e9, "unit": "USD/year"}
    statement: Row = {"statement_id": "rent.cloud-contract", **price}
    ledger = open_whole(write_ledger(tmp_path, statement=[statement]))
    assert ledger.rows("select bought_back_usd from circular_flow") == [(10e9,)]
