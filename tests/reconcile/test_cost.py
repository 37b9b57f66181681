"""Dollars per megawatt identified, with the verdict, worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hand_ledger import AS_OF, changed, open_hand, programme

from gigaledger.terminal import cost_sentence

if TYPE_CHECKING:
    from pathlib import Path

BILLION, MILLION = 1e9, 1e6


@pytest.mark.parametrize(
    ("low", "high", "usd_per_mw", "verdict"),
    [
        ((6.8, 22), (30, 58), 39, "within_total_capex"),
        ((6.8, 22), (30, 58), 10, "within_site_capex"),
        ((6.8, 22), (30, 58), 5, "below_site_capex"),
        ((6.8, 22), (30, 58), 25, "between_site_and_total_capex"),
        ((6.8, 22), (30, 58), 70, "above_total_capex"),
        ((6.8, 35), (30, 58), 33, "within_total_capex"),  # where both fit, the whole is meant
    ],
)
def test_verdict(
    tmp_path: Path, low: tuple[float, float], high: tuple[float, float], usd_per_mw: float, verdict: str
) -> None:
    ledger = open_hand(tmp_path)
    assert ledger.rows("select cost_verdict($1, $2, $3, $4, $5)", [usd_per_mw, *low, *high]) == [(verdict,)]


def test_pledged_dollars_over_what_is_identified(tmp_path: Path) -> None:
    # Lab rents: half of shared, so 60 of its 120 MW that run and 40 of the 80 MW planned beyond them; 3.5 B USD.
    dollars = {"measure": "total_capex", "unit": "USD", "qualifier": "exact", "source_id": "press"}
    statement = {"statement_id": "rent.power", "deal_id": "rent", "amount_best": 3.5 * BILLION, **dollars}
    found = programme(open_hand(tmp_path, changed(statement=[statement])), "cloud", measure=None)
    cost = found["identified_cost"]
    assert cost["pledged_usd"] == 3.5 * BILLION
    assert cost["usd_per_it_mw"]["p50"] == pytest.approx(35 * MILLION)
    assert cost["usd_per_it_mw"]["p05"] == pytest.approx(cost["usd_per_it_mw"]["p95"])
    total = cost["total_capex_usd_per_it_mw"]
    assert (cost["verdict"] == "within_total_capex") == (total["p05"] <= 35 * MILLION <= total["p95"])
    assert cost["verdict"] is not None
    assert "35.0 M USD" in cost_sentence(cost)


def test_no_verdict_where_a_deal_states_no_dollars(tmp_path: Path) -> None:
    dollars = {"measure": "total_capex", "unit": "USD", "known_on": "2025-05-01"}
    deals = [
        {
            "deal_id": "more",
            "title": "More",
            "programme_id": "cloud",
            "layer": "build",
            "status": "binding",
            "buyer_id": "lab",
            "seller_id": "landlord",
            "announced_on": "2025-05-01",
        }
    ]
    statements = [
        {"statement_id": "more.capex", "deal_id": "more", "amount_best": 1 * BILLION, **dollars},
    ]
    found = programme(open_hand(tmp_path, changed(deal=deals, statement=statements)), "cloud", measure=None)
    assert found["identified_cost"]["has_every_deal"] is False
    assert found["identified_cost"]["verdict"] is None


def test_programme_pledged_in_megawatts_has_no_cost(tmp_path: Path) -> None:
    assert programme(open_hand(tmp_path), "texas", as_of=AS_OF, measure=None)["identified_cost"] is None
