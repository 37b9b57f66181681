"""Reconciliations worked out by hand; the facts stand in `hand_ledger.py`, each number is derived in a comment."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from hand_ledger import AS_OF, Row, changed, figures, interval, open_hand, programme

from gigaledger.reconciliation import reconcile
from gigaledger.terminal import print_reconciliation

if TYPE_CHECKING:
    from pathlib import Path

    from gigaledger.ledger import Ledger


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return open_hand(tmp_path_factory.mktemp("hand"))


def statement(name: str, **columns: object) -> Row:
    return {"statement_id": name, "known_on": "2025-05-01", **columns}


def test_building_programme(hand: Ledger) -> None:
    found = programme(hand, "texas")
    assert figures(found) == {
        "pledged": 1000,  # as stated
        "operational": 310,  # north 250 + half of shared's 120 = 60
        "under_construction": 190,  # north 400 - 250 = 150, + 80 % of east's 50 = 40
        "planned": 240,  # north 600 - 400 = 200, + half of shared's 200 - 120 = 80 = 40
        "unidentified": 260,  # 1000 - 310 - 190 - 240
    }
    assert found["reason"] == "unsited"
    assert found["is_met_probability"] == 0
    assert found["drivers"] == []


def test_renting_programme(hand: Ledger) -> None:
    found = programme(hand, "cloud")
    assert figures(found) == {
        "pledged": 300,
        "operational": 60,  # half of shared's 120
        "under_construction": 0,
        "planned": 40,  # half of shared's 200 - 120
        "unidentified": 200,  # 300 - 60 - 40
    }
    assert found["reason"] == "unsited"


def test_sites_of_the_building_programme(hand: Ledger) -> None:
    sites = {site["site_id"]: figures(site) for site in programme(hand, "texas")["sites"]}
    assert sites == {
        "shared": {"operational": 60, "under_construction": 0, "planned": 40},  # half of 120, 0 and 200 - 120
        "east": {"operational": 0, "under_construction": 40, "planned": 0},  # 80 % of 50
        "north": {"operational": 250, "under_construction": 150, "planned": 200},  # 250, 400 - 250, 600 - 400
    }
    assert list(sites) == ["shared", "east", "north"]  # NY before TX


def test_states_of_the_building_programme(hand: Ledger) -> None:
    states = {state["state"]: figures(state) for state in programme(hand, "texas")["states"]}
    assert states == {
        "NY": {"operational": 60, "under_construction": 0, "planned": 40},  # shared
        "TX": {
            "operational": 250,
            "under_construction": 190,
            "planned": 200,
        },  # north + east: 250 + 0, 150 + 40, 200 + 0
    }


def test_overlap_is_shared_out_and_not_counted_twice(hand: Ledger) -> None:
    # Both programmes together hold all of shared and no more: 60 + 60 = 120 operational, 40 + 40 = 80 planned.
    parts = [
        figures(site)
        for name in ("texas", "cloud")
        for site in programme(hand, name)["sites"]
        if site["site_id"] == "shared"
    ]
    assert sum(part["operational"] for part in parts) == 120
    assert sum(part["planned"] for part in parts) == 80


def test_printed_reconciliation(hand: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    print_reconciliation(reconcile(hand, "texas", as_of=AS_OF, measure="it_power"))
    printed = capsys.readouterr().out
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    # The amounts of the tests above; a certain amount is printed without an interval.
    for line in (
        "Pledged 1,000",
        "Operational 310",
        "Under construction 190",
        "Planned 240",
        "Unidentified 260",
    ):
        assert line in lines, printed
    for site in ("NY Shared 60.0 0 40.0 50%", "TX East 0 40.0 0 80%", "TX North 250 150 200 100%"):
        assert any(line.startswith(site) for line in lines), printed
    assert "260 MW is pledged, but no site is known for it" in " ".join(lines)


# The overlap: two deals of one programme that claim one site.


def overlap(folder: Path, shares: tuple[float, float], **rent: object) -> Row:
    """The building programme when the rent belongs to it too and both deals claim the shared site."""
    rows = changed(
        deal=[{"deal_id": "rent", "programme_id": "texas", **rent}],
        claim=[
            {"claim_id": "build.shared", "share_best": shares[0]},
            {"claim_id": "rent.shared", "share_best": shares[1]},
        ],
    )
    return programme(open_hand(folder, rows), "texas")


def test_claims_of_one_layer_add_up(tmp_path: Path) -> None:
    # Pledges 1000 + 300. Shares of shared 0.5 + 0.25 = 0.75: operational 0.75 x 120 = 90, planned 0.75 x 80 = 60.
    # With north and east: operational 250 + 90, under construction 190, planned 200 + 60; 1300 - 340 - 190 - 260 = 510.
    assert figures(overlap(tmp_path, (0.5, 0.25))) == {
        "pledged": 1300,
        "operational": 340,
        "under_construction": 190,
        "planned": 260,
        "unidentified": 510,
    }


def test_claims_of_one_layer_never_exceed_the_site(tmp_path: Path) -> None:
    # Shares 0.5 + 0.7 = 1.2, but a site is there once: operational 250 + 120, planned 200 + 80; 1300 - 370 - 190 - 280.
    assert figures(overlap(tmp_path, (0.5, 0.7))) == {
        "pledged": 1300,
        "operational": 370,
        "under_construction": 190,
        "planned": 280,
        "unidentified": 460,
    }


def test_claims_of_two_layers_are_the_same_capacity(tmp_path: Path) -> None:
    # A lease and a build of the same site: the larger share counts, 0.7: operational 250 + 84, planned 200 + 56.
    assert figures(overlap(tmp_path, (0.5, 0.7), layer="site")) == {
        "pledged": 1300,  # two top deals
        "operational": 334,
        "under_construction": 190,
        "planned": 256,
        "unidentified": 520,  # 1300 - 334 - 190 - 256
    }


def test_part_of_a_deal_is_neither_pledged_nor_claimed_again(tmp_path: Path) -> None:
    # The rent lies in the build: its 300 are among the 1000, and its claim of shared among that of the build (0.5).
    assert figures(overlap(tmp_path, (0.5, 0.7), part_of="build")) == {
        "pledged": 1000,
        "operational": 310,
        "under_construction": 190,
        "planned": 240,
        "unidentified": 260,
    }


def test_part_of_a_deal_claims_where_the_whole_does_not(tmp_path: Path) -> None:
    # The rent lies in the build and alone claims shared, all of it: operational 250 + 120, planned 200 + 80.
    rows = changed(
        deal=[{"deal_id": "rent", "programme_id": "texas", "part_of": "build"}],
        claim=[{"claim_id": "build.shared", "drop": True}, {"claim_id": "rent.shared", "share_best": 1}],
    )
    assert figures(programme(open_hand(tmp_path, rows), "texas")) == {
        "pledged": 1000,
        "operational": 370,
        "under_construction": 190,
        "planned": 280,
        "unidentified": 160,  # 1000 - 370 - 190 - 280
    }


# The reasons of a remainder, each by its own ledger. Identified in the building programme: 310 + 190 + 240 = 740.


def test_reason_unsited(tmp_path: Path) -> None:
    rows = changed(statement=[statement("build.power", amount_best=741)])
    found = programme(open_hand(tmp_path, rows), "texas")
    assert figures(found)["unidentified"] == 1  # 741 - 740
    assert found["reason"] == "unsited"


def test_reason_site_without_figure(tmp_path: Path) -> None:
    # East is claimed and nothing is known of its capacity: 1000 - 310 - 150 - 240 = 300.
    rows = changed(milestone=[{"milestone_id": "east.begun", "drop": True}])
    found = programme(open_hand(tmp_path, rows), "texas")
    assert figures(found)["unidentified"] == 300
    assert found["reason"] == "site_without_figure"
    east = next(site for site in found["sites"] if site["site_id"] == "east")
    assert figures(east) == {"operational": None, "under_construction": None, "planned": None}
    assert east["claim"]["share_best"] == 0.8


def test_reason_over_identified(tmp_path: Path) -> None:
    rows = changed(statement=[statement("build.power", amount_best=500)])
    found = programme(open_hand(tmp_path, rows), "texas")
    assert figures(found)["unidentified"] == -240  # 500 - 740
    assert found["reason"] == "over_identified"
    assert found["is_met_probability"] == 1


def test_reason_within_interval(tmp_path: Path) -> None:
    # Pledged 700 to 800 about 760: unidentified 700 - 740 = -40 to 800 - 740 = 60 about 760 - 740 = 20.
    rows = changed(
        statement=[statement("build.power", amount_low=700, amount_best=760, amount_high=800, qualifier="range")]
    )
    found = programme(open_hand(tmp_path, rows), "texas")
    assert interval(found["pledged"]) == (700, 760, 800)
    assert interval(found["unidentified"]) == (-40, 20, 60)
    assert found["reason"] == "within_interval"
    assert 0.05 < found["is_met_probability"] < 0.5
    assert [driver["assumption_id"] for driver in found["drivers"]] == ["statement.build.power"]
    assert found["drivers"][0]["direction"] == "raises"


def test_pledge_met_exactly_is_within_its_interval(tmp_path: Path) -> None:
    rows = changed(statement=[statement("build.power", amount_best=740)])
    found = programme(open_hand(tmp_path, rows), "texas")
    assert figures(found)["unidentified"] == 0
    assert found["reason"] == "within_interval"
    assert found["is_met_probability"] == 1


# Qualifiers. 740 are identified, so that unidentified is pledged - 740.


@pytest.mark.parametrize(
    ("columns", "pledged"),
    [
        ({"qualifier": "exact", "amount_best": 1000}, (1000, 1000, 1000)),
        # a figure with its own interval
        ({"qualifier": "exact", "amount_low": 950, "amount_best": 1000, "amount_high": 1200}, (950, 1000, 1200)),
        # about: x 0.9, 1, 1.1
        ({"qualifier": "about", "amount_best": 1000}, (900, 1000, 1100)),
        # up to: x 0.5, 0.8, 0.9
        ({"qualifier": "up_to", "amount_best": 1000}, (500, 800, 900)),
        ({"qualifier": "up_to", "amount_high": 1000}, (500, 800, 900)),
        # at least: x 1, 1.1, 1.5
        ({"qualifier": "at_least", "amount_best": 1000}, (1000, 1100, 1500)),
        ({"qualifier": "at_least", "amount_low": 1000}, (1000, 1100, 1500)),
        # a range without a middle: the geometric mean, sqrt(900 x 1600) = 1200
        ({"qualifier": "range", "amount_low": 900, "amount_high": 1600}, (900, 1200, 1600)),
        ({"qualifier": "range", "amount_low": 900, "amount_best": 1000, "amount_high": 1600}, (900, 1000, 1600)),
    ],
)
def test_qualifier_sets_the_interval_of_the_pledge(
    tmp_path: Path, columns: Row, pledged: tuple[float, float, float]
) -> None:
    rows = changed(statement=[statement("build.power", **{"amount_best": None, **columns})])
    found = programme(open_hand(tmp_path, rows), "texas")
    assert interval(found["pledged"]) == pledged
    assert interval(found["unidentified"]) == tuple(amount - 740 for amount in pledged)
    # The face value is kept beside it.
    assert found["pledges"][0]["face_amount"] in set(columns.values()) | {1200}
    assert found["pledges"][0]["qualifier"] == columns["qualifier"]


def test_realised_amount_never_exceeds_a_ceiling_nor_falls_below_a_floor(tmp_path: Path) -> None:
    rows = changed(
        statement=[
            statement("build.power", amount_best=1000, qualifier="up_to"),
            statement("rent.power", amount_best=300, qualifier="at_least"),
        ]
    )
    ledger = open_hand(tmp_path, rows)
    query = (
        "select deal_id, min(amount), max(amount) from deal_draw_as_of('2026-06-30'::date, measures := ['it_power']) "
        "group by deal_id"
    )
    found = {deal: (least, most) for deal, least, most in ledger.rows(query)}
    assert found["build"][1] <= 1000
    assert found["rent"][0] >= 300


def test_most_physical_statement_reckons_the_deal(tmp_path: Path) -> None:
    # 5 billion dollars are stated too, but megawatts are more physical.
    money = statement(
        "build.usd", deal_id="build", measure="total_capex", amount_best=5e9, unit="USD", qualifier="exact"
    )
    assert figures(programme(open_hand(tmp_path, changed(statement=[money])), "texas"))["pledged"] == 1000


# Claims with an interval.


def test_share_with_an_interval(tmp_path: Path) -> None:
    # 30 to 70 % of shared's 120: 36, 60, 84; of its 80 planned: 24, 40, 56. Pledged 300:
    # 300 - (120 + 80) x share = 300 - 60 = 240 at 30 %, 200 at 50 %, 160 at 70 %.
    rows = changed(claim=[{"claim_id": "rent.shared", "share_low": 0.3, "share_best": 0.5, "share_high": 0.7}])
    found = programme(open_hand(tmp_path, rows), "cloud")
    assert interval(found["operational"]) == (36, 60, 84)
    assert interval(found["planned"]) == (24, 40, 56)
    assert interval(found["unidentified"]) == (160, 200, 240)
    # The distribution is symmetric, so means are medians and add up: 60 + 0 + 40 + 200 = 300.
    assert found["operational"]["mean"] == pytest.approx(60)
    assert found["unidentified"]["mean"] == pytest.approx(200)
    assert [driver["assumption_id"] for driver in found["drivers"]] == ["claim.rent.shared"]
    assert found["drivers"][0]["direction"] == "lowers"
    assert (
        found["drivers"][0]["variance_share"] > 0.9
    )  # alone; not 1, since a uniform draw is not linear in its deviate


# Time: what was known when.

REVISED = {
    "statement": [
        statement("build.power.2", deal_id="build", amount_best=1200, known_on="2026-06-20", qualifier="exact")
    ],
    # The state of north since 2026-05-01 turns out to be 230.
    "milestone": [
        {
            "milestone_id": "north.2.revised",
            "site_id": "north",
            "on_date": "2026-05-01",
            "stage": "operational",
            "amount_best": 230,
            "known_on": "2026-06-20",
        }
    ],
    "claim": [
        {"claim_id": one, "known_on": "2026-05-15"}
        for one in ("build.east", "build.north", "build.shared", "rent.shared")
    ],
}


@pytest.mark.parametrize(
    ("as_of", "pledged", "operational", "under_construction", "unidentified"),
    [
        # 250 + 60; 400 - 250 + 40; 1000 - 310 - 190 - 240
        (dt.date(2026, 6, 19), 1000, 310, 190, 260),
        # 230 + 60; 400 - 230 + 40; 1200 - 290 - 210 - 240
        (dt.date(2026, 6, 20), 1200, 290, 210, 460),
    ],
)
def test_revision_counts_from_the_day_on_which_it_is_known(  # noqa: PLR0913, PLR0917 - one column each of the table
    tmp_path: Path, as_of: dt.date, pledged: float, operational: float, under_construction: float, unidentified: float
) -> None:
    found = programme(open_hand(tmp_path, changed(**REVISED)), "texas", as_of=as_of)
    assert figures(found) == {
        "pledged": pledged,
        "operational": operational,
        "under_construction": under_construction,
        "planned": 240,
        "unidentified": unidentified,
    }


@pytest.mark.parametrize(("planned", "left"), [(400.03, 0), (401, 1)])
def test_what_sources_round_is_not_planned(tmp_path: Path, planned: float, left: float) -> None:
    # 400 of north are under construction or operational; shared leaves 40 planned.
    rows = changed(milestone=[{"milestone_id": "north.planned", "amount_best": planned}])
    found = figures(programme(open_hand(tmp_path, rows), "texas"))
    assert (found["under_construction"], found["planned"]) == (190, 40 + left)
    assert found["unidentified"] == 1000 - 310 - 190 - 40 - left


def test_milestone_counts_from_its_date_and_claim_from_the_day_it_is_known(tmp_path: Path) -> None:
    facts = {
        "milestone": [
            {"milestone_id": one, "known_on": "2026-03-15"}
            for one in (
                "east.begun",
                "north.1",
                "north.2",
                "north.begun",
                "north.planned",
                "shared.1",
                "shared.planned",
            )
        ],
        "claim": [{"claim_id": "build.north", "known_on": "2026-03-15"}],
    }
    # On 2026-04-01 only the claim of north is known, of its operational milestones only the 100 of January count.
    found = programme(open_hand(tmp_path, changed(**facts)), "texas", as_of=dt.date(2026, 4, 1))
    assert figures(found) == {
        "pledged": 1000,
        "operational": 100,
        "under_construction": 300,  # 400 - 100
        "planned": 200,  # 600 - 400
        "unidentified": 400,  # 1000 - 100 - 300 - 200
    }


def test_nothing_is_pledged_before_it_is_known(hand: Ledger) -> None:
    found = programme(hand, "texas", as_of=dt.date(2025, 4, 30))
    assert set(figures(found).values()) == {None}
    assert found["reason"] is None


def test_default_date_is_the_newest_day_on_which_anything_became_known(hand: Ledger) -> None:
    assert reconcile(hand)["as_of"] == "2026-06-30"


def test_cancellation_leaves_what_runs(tmp_path: Path) -> None:
    # North is cancelled on 2026-06-10: its 250 keep running, the 150 under construction and 200 planned are gone.
    cancelled = {
        "milestone_id": "north.cancelled",
        "site_id": "north",
        "on_date": "2026-06-10",
        "stage": "cancelled",
        "amount_best": 0,
        "known_on": "2026-06-10",
    }
    ledger = open_hand(tmp_path, changed(milestone=[cancelled]))
    assert figures(programme(ledger, "texas")) == {
        "pledged": 1000,
        "operational": 310,
        "under_construction": 40,  # east
        "planned": 40,  # shared
        "unidentified": 610,  # 1000 - 310 - 40 - 40
    }


def test_cancelled_deal_pledges_and_claims_nothing(tmp_path: Path) -> None:
    # The rent joins the building programme and is cancelled: 1000 pledged; of shared only the build's half is claimed.
    rows = changed(deal=[{"deal_id": "rent", "programme_id": "texas", "status": "cancelled"}])
    assert figures(programme(open_hand(tmp_path, rows), "texas")) == {
        "pledged": 1000,
        "operational": 310,
        "under_construction": 190,
        "planned": 240,
        "unidentified": 260,
    }


def test_site_of_a_cancelled_deal_explains_no_remainder(tmp_path: Path) -> None:
    # Nothing is known of east, but only a cancelled deal claims it, so that the remainder has no site.
    rows = changed(
        deal=[{"deal_id": "rent", "programme_id": "texas", "status": "cancelled"}],
        milestone=[{"milestone_id": "east.begun", "drop": True}],
        claim=[{"claim_id": "build.east", "drop": True}, {"claim_id": "rent.shared", "site_id": "east"}],
    )
    assert programme(open_hand(tmp_path, rows), "texas")["reason"] == "unsited"


def test_cancelled_site_is_no_site_without_a_figure(tmp_path: Path) -> None:
    # East is cancelled before anything ran: its capacity is known to be nothing. 1000 - 310 - 150 - 240 = 300.
    cancelled = {
        "milestone_id": "east.cancelled",
        "site_id": "east",
        "on_date": "2026-06-10",
        "stage": "cancelled",
        "amount_best": 0,
        "known_on": "2026-06-10",
    }
    found = programme(open_hand(tmp_path, changed(milestone=[cancelled])), "texas")
    assert figures(found)["unidentified"] == 300
    assert found["reason"] == "unsited"


# Stages are cumulative.


@pytest.mark.parametrize(
    ("operational", "started", "planned", "expected"),
    [
        # Each stage counts what exceeds the stages before it.
        (250, 400, 600, (250, 150, 200)),
        # All that was begun is finished, and more than was planned runs: nothing is left of both.
        (400, 400, 350, (400, 0, 0)),
        # More was begun than planned.
        (100, 700, 600, (100, 600, 0)),
        # More runs than was begun; the plan goes beyond it.
        (500, 400, 600, (500, 0, 100)),
    ],
)
def test_stages_are_cumulative(
    tmp_path: Path, operational: float, started: float, planned: float, expected: tuple[float, float, float]
) -> None:
    rows = changed(
        milestone=[
            {"milestone_id": "north.2", "amount_best": operational},
            {"milestone_id": "north.begun", "amount_best": started},
            {"milestone_id": "north.planned", "amount_best": planned},
        ]
    )
    sites = {site["site_id"]: figures(site) for site in programme(open_hand(tmp_path, rows), "texas")["sites"]}
    assert tuple(sites["north"].values()) == expected


def test_planned_counts_up_to_the_horizon(tmp_path: Path) -> None:
    # The horizon is two years, up to 2028-06-30. 900 for 2028-06 lie within it and replace the 600 for 2027:
    # planned 900 - 400 = 500; 2000 for 2028-07 lie beyond it.
    rows = changed(
        milestone=[
            {
                "milestone_id": "north.plan.2",
                "site_id": "north",
                "on_date": "2028-06-01",
                "stage": "planned",
                "amount_best": 900,
            },
            {
                "milestone_id": "north.plan.3",
                "site_id": "north",
                "on_date": "2028-07-02",
                "stage": "planned",
                "amount_best": 2000,
            },
        ]
    )
    sites = {site["site_id"]: figures(site) for site in programme(open_hand(tmp_path, rows), "texas")["sites"]}
    assert sites["north"] == {"operational": 250, "under_construction": 150, "planned": 500}


# Other measures.


def test_site_keeps_its_own_ratio_of_facility_to_it_power(tmp_path: Path) -> None:
    # Shared states 120 MW of IT and 156 MW of facility power for the same day: a ratio of 1.3, whatever is assumed.
    rows = changed(
        milestone=[
            {
                "milestone_id": "shared.facility",
                "site_id": "shared",
                "on_date": "2026-03-01",
                "stage": "operational",
                "measure": "facility_power",
                "amount_best": 156,
            }
        ]
    )
    ledger = open_hand(tmp_path, rows)
    ledger.install("everything")
    # Half of 156.
    assert interval(programme(ledger, "cloud", measure="facility_power")["operational"]) == (78, 78, 78)
    # The grid connection of the site follows from its own facility power: draw by draw 156 x utility / facility.
    query = (
        "with own as (select draw, operational from "
        "site_draw_as_of('2026-06-30'::date, measures := ['utility_power'], sites := ['shared'])) "
        "select max(abs(own.operational / (156 * bundle.utility_power / bundle.facility_power) - 1)) "
        "from own inner join bundle_draw_formula as bundle using (draw) "
        "where bundle.chip_id = 'industry-mix' and bundle.year = 2026"
    )
    assert ledger.rows(query)[0][0] < 1e-12


def test_site_without_a_ratio_of_its_own_takes_the_assumed_one(hand: Ledger) -> None:
    low, middle, high = interval(programme(hand, "cloud", measure="facility_power")["operational"])
    assert 60 < low < middle < high  # half of 120 MW of IT x peak PUE


def test_chips_of_several_types_are_added_up(tmp_path: Path) -> None:
    # Shared states 1,000 H100 and 500 GB200 for one day: 1,500 chips, 1000 x 1 + 500 x 5000 / 1979 = 2,263.264 H100e;
    # the renting programme has half of them.
    rows = changed(
        milestone=[
            {
                "milestone_id": f"shared.{chip}",
                "site_id": "shared",
                "on_date": "2026-03-01",
                "stage": "operational",
                "measure": "chips",
                "amount_best": count,
                "unit": "chip",
                "chip_id": chip,
            }
            for chip, count in (("h100", 1000), ("gb200", 500))
        ]
    )
    ledger = open_hand(tmp_path, rows)
    assert interval(programme(ledger, "cloud", measure="chips")["operational"]) == (750, 750, 750)
    compute = interval(programme(ledger, "cloud", measure="compute")["operational"])
    assert compute == pytest.approx((1131.632,) * 3, rel=1e-6)
    # IT power is stated as such, and stays 60.
    assert interval(programme(ledger, "cloud")["operational"]) == (60, 60, 60)


def test_identity_holds_in_every_draw(tmp_path: Path) -> None:
    rows = changed(
        statement=[statement("build.power", amount_best=1000, qualifier="up_to")],
        claim=[{"claim_id": "build.shared", "share_low": 0.2, "share_best": 0.5, "share_high": 0.6}],
        milestone=[{"milestone_id": "north.2", "amount_low": 200, "amount_high": 300}],
    )
    ledger = open_hand(tmp_path, rows)
    query = (
        "select count(*), max(abs(pledged - operational - under_construction - planned - unidentified)) "
        "from reconciliation_draw_as_of('2026-06-30'::date, measures := ['it_power', 'chips', 'total_capex']) "
        "where measure = 'it_power'"
    )
    count, gap = ledger.rows(query)[0]
    assert count == 2 * 1024
    assert gap < 1e-9


def test_order_of_rows_changes_nothing(hand: Ledger, tmp_path: Path) -> None:
    turned = {name: rows[::-1] for name, rows in changed().items()}
    documents = [reconcile(ledger, as_of=AS_OF) for ledger in (hand, open_hand(tmp_path, turned))]
    for document in documents:
        document["notes"] = []  # they name the folder
    assert json.dumps(documents[0], default=str) == json.dumps(documents[1], default=str)
