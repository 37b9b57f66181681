"""The change of a reconciliation between two days, worked out by hand, and the law that its parts sum to it."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hand_ledger import changed, open_hand

from gigaledger import open as open_bundled
from gigaledger.change import _positions, explain_change, parts_of
from gigaledger.ledger import Ledger, open_ledger
from gigaledger.reconciliation import reconcile

if TYPE_CHECKING:
    from pathlib import Path

BEFORE, AFTER = dt.date(2026, 6, 30), dt.date(2026, 12, 31)

# On top of the hand ledger, in MW of IT power for the programme texas (all of north, half of shared, 80 % of east):
#   known before, for 2028-09-01: 900 MW planned at north; within the horizon of two years only on the later day
#   revised: the 600 MW of north for 2027-01-01 become 500; the pledge of 1,000 becomes 1,200
#   moved: the 200 MW of shared, planned for 2027-06-01, come on 2027-12-01
#   new: 300 MW run at north since 2026-08-01; east is claimed whole
LATER: dict[str, list[dict[str, Any]]] = {
    "milestone": [
        {
            "milestone_id": "north.far",
            "site_id": "north",
            "on_date": "2028-09-01",
            "stage": "planned",
            "amount_best": 900,
        },
        {
            "milestone_id": "north.planned.2",
            "site_id": "north",
            "on_date": "2027-01-01",
            "stage": "planned",
            "amount_best": 500,
            "known_on": "2026-09-01",
        },
        {
            "milestone_id": "shared.planned.2",
            "site_id": "shared",
            "on_date": "2027-12-01",
            "stage": "planned",
            "amount_best": 200,
            "known_on": "2026-09-15",
        },
        {
            "milestone_id": "north.3",
            "site_id": "north",
            "on_date": "2026-08-01",
            "stage": "operational",
            "amount_best": 300,
            "known_on": "2026-08-02",
        },
    ],
    "statement": [
        {"statement_id": "build.power.2", "deal_id": "build", "amount_best": 1200, "known_on": "2026-10-01"},
    ],
    "claim": [
        {"claim_id": "build.east.2", "deal_id": "build", "site_id": "east", "share_best": 1, "known_on": "2026-10-01"},
    ],
}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return open_hand(tmp_path_factory.mktemp("ledger"), changed(**LATER))


@pytest.fixture(scope="module")
def texas(ledger: Ledger) -> dict[str, Any]:
    return explain_change(ledger, "texas", as_of=AFTER, versus=BEFORE)["programmes"][0]


def means(accounts: dict[str, Any]) -> dict[str, float]:
    """The accounts that are not 0, in MW."""
    names = ("pledged", "operational", "under_construction", "planned", "unidentified")
    found = {name: round(accounts[name]["mean"], 6) for name in names}
    return {name: mean for name, mean in found.items() if mean}


def part(programme: dict[str, Any], kind: str, owner: str) -> dict[str, Any]:
    (found,) = (one for one in programme["parts"] if (one["kind"], one["owner_id"]) == (kind, owner))
    return found


def test_both_days_are_those_of_the_reconciliation(ledger: Ledger, texas: dict[str, Any]) -> None:
    for day, accounts in ((BEFORE, texas["before"]), (AFTER, texas["after"])):
        known = reconcile(ledger, "texas", as_of=day, measure="it_power")["programmes"][0]
        assert means(accounts) == means(known)


def test_time_alone_brings_a_far_plan_within_the_horizon(texas: dict[str, Any]) -> None:
    # North: 250 run, 400 are begun, 600 were planned in all, so 200 beyond them; now 900, so 500.
    found = part(texas, "passage_of_time", "north")
    assert means(found) == {"planned": 300, "unidentified": -300}
    assert {fact["fact_id"]: fact["is_in_force"] for fact in found["facts"]} == {
        "north.planned": False,
        "north.far": True,
    }


def test_revised_statement_names_old_and_new_with_their_sources(texas: dict[str, Any]) -> None:
    found = part(texas, "revised_fact", "build")
    assert means(found) == {"pledged": 200, "unidentified": 200}
    (fact,) = found["facts"]
    assert (fact["old_fact_id"], fact["fact_id"]) == ("build.power", "build.power.2")
    assert (fact["old_amount"], fact["amount"]) == (1000, 1200)
    assert (fact["old_source_id"], fact["source_id"]) == ("press", "press")
    assert fact["source_url"] == fact["old_source_url"] == "https://example.org/press"


def test_revised_claim_moves_a_site(texas: dict[str, Any]) -> None:
    # East: 50 MW are begun; 80 % of them were claimed, now all.
    found = part(texas, "revised_fact", "east")
    assert means(found) == {"under_construction": 10, "unidentified": -10}
    assert [(fact["old_amount"], fact["amount"]) for fact in found["facts"]] == [(0.8, 1)]


def test_new_milestone_moves_construction_into_operation(texas: dict[str, Any]) -> None:
    # North: 300 run instead of 250, of 400 begun; the 900 planned in all stay.
    found = part(texas, "new_fact", "north")
    assert means(found) == {"operational": 50, "under_construction": -50}
    assert [fact["fact_id"] for fact in found["facts"]] == ["north.3"]


def test_nothing_else_changed(texas: dict[str, Any]) -> None:
    # The revised plan of north lies behind the far one; the moved plan of shared has the same size: no amount moves.
    assert len(texas["parts"]) == 4
    for account in ("pledged", "operational", "under_construction", "planned", "unidentified"):
        total = sum(one[account]["mean"] for one in texas["parts"])
        assert total == pytest.approx(texas["change"][account]["mean"])


def test_moved_milestone_slips_by_days(ledger: Ledger) -> None:
    document = explain_change(ledger, as_of=AFTER, versus=BEFORE)
    (slip,) = document["slips"]
    assert (slip["milestone_id"], slip["old_milestone_id"]) == ("shared.planned.2", "shared.planned")
    # From 1 June to 1 December 2027: 30 + 31 + 31 + 30 + 31 + 30 days.
    assert slip["slip_days"] == 183
    assert slip["programme_ids"] == ["cloud", "texas"]
    assert ledger.rows("select count(*) from milestone_slip_as_of('2026-09-14'::date)") == [(0,)]


def test_earlier_day_is_before_whichever_is_named_first(ledger: Ledger) -> None:
    assert explain_change(ledger, as_of=BEFORE, versus=AFTER) == explain_change(ledger, as_of=AFTER, versus=BEFORE)


def test_ledger_is_whole_again_afterwards(ledger: Ledger) -> None:
    counts = "select (select count(*) from milestone), (select count(*) from statement), (select count(*) from claim)"
    before = ledger.rows(counts)
    explain_change(ledger, as_of=AFTER, versus=BEFORE)
    assert ledger.rows(counts) == before


def test_changed_assumption_is_a_part_of_its_own(tmp_path: Path) -> None:
    rows = changed(statement=[{"statement_id": "build.power", "qualifier": "up_to"}])
    ledger = open_hand(tmp_path, rows)
    other = open_ledger(tmp_path, settings={"up_to_realised_share": (1, 1, 1), "planned_horizon_years": (2, 2, 2)})
    document = explain_change(ledger, "texas", as_of=BEFORE, versus=BEFORE, changed=other)
    (found,) = document["programmes"][0]["parts"]
    assert (found["kind"], found["owner_id"]) == ("changed_assumption", "build")
    assert document["programmes"][0]["after"]["pledged"]["mean"] == 1000
    assert found["pledged"]["p50"] == pytest.approx(200)  # 80 % of 1,000 before


@pytest.mark.parametrize("day", ["2026-06-30", "2026-01-31"])
def test_parts_sum_to_the_change_in_every_draw_of_the_bundled_ledger(day: str) -> None:
    ledger = open_bundled()
    other = open_bundled(settings={"peak_pue": (1.2, 1.3, 1.4), "unstated_power_position": (0.4, 0.5, 0.6)})
    positions = _positions(ledger, dt.date.fromisoformat(day), ledger.as_of, "it_power", other)
    assert [step for step, _ in positions] == ["", "passage_of_time", "revised_fact", "new_fact", "changed_assumption"]
    first, last = positions[0][1].draws, positions[-1][1].draws
    kinds = set()
    for programme in {owner[0] for owner in (*first, *last)}:
        parts = parts_of(programme, positions)
        kinds |= {step for step, _, _ in parts}
        total = sum((draws for draws, _ in parts.values()), np.zeros((4, 1024)))
        ends = [
            sum((draws for owner, draws in one.items() if owner[0] == programme), np.zeros((4, 1024)))
            for one in (first, last)
        ]
        assert total == pytest.approx(ends[1] - ends[0], abs=1e-6)
    assert kinds >= {"revised_fact", "new_fact", "changed_assumption"}
    # Every fact that became known is told once as new or as revised.
    facts = ledger.rows("select fact_kind, fact_id from fact_change($1::date, $2)", [day, ledger.as_of])
    assert len(facts) == len(set(facts))
    assert all(step for step, _ in itertools.islice(positions, 1, None))
