"""Money between parties on small ledgers worked out by hand, and on the bundled one."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

from gigaledger.circular import circular
from gigaledger.ledger import open_ledger
from gigaledger.schema import tables
from ledgers import bundled_ledger

if TYPE_CHECKING:
    from pathlib import Path

    from gigaledger.ledger import Ledger

Row = dict[str, Any]
MEASURES = {
    "equity": "equity",
    "debt": "debt",
    "cloud": "cloud_contract",
    "chips": "chip_capex",
    "site": "lease_contract",
}


def pay(  # noqa: PLR0913 - the columns that differ
    deal_id: str,
    payer: str,
    payee: str,
    layer: str,
    billions: float,
    *,
    status: str = "closed",
    part_of: str = "",
    **more: Any,
) -> tuple[Row, Row]:
    """A deal under which one party pays another, and its statement."""
    return (
        {
            "deal_id": deal_id, "title": deal_id, "buyer_id": payer, "seller_id": payee, "beneficiary_id": payee,
            "layer": layer,
            "announced_on": "2026-01-01", "status": status, "part_of": part_of, **more,
        },
        {
            "statement_id": deal_id, "deal_id": deal_id, "measure": MEASURES[layer], "amount_best": billions * 1e9,
            "unit": "USD", "qualifier": "exact", "known_on": "2026-01-01", "source_id": "press",
        },
    )  # fmt: skip


def ledger_of(folder: Path, *deals: tuple[Row, Row], inclusion: list[Row] | None = None, **settings: Any) -> Ledger:
    """A ledger of payments; organisations whose name begins with `group` are groups."""
    parties = {deal[key] for deal, _ in deals for key in ("buyer_id", "seller_id")}
    rows: dict[str, list[Row]] = {
        "organization": [
            {"organization_id": one, "name": one.title(), "kind": "group" if one.startswith("group") else "lab"}
            for one in parties
        ],
        "source": [{"source_id": "press", "title": "Press"}],
        "deal": [deal for deal, _ in deals],
        "statement": [statement for _, statement in deals],
        "inclusion": inclusion or [],
    }
    for name, added in rows.items():
        key = tables()[name].primary_key[0]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, tables()[name].columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(sorted(added, key=lambda row: str(row[key])))
    return open_ledger(folder, **settings)


def party(document: Row, party_id: str) -> Row:
    return next(row for row in document["parties"] if row["party_id"] == party_id)


def counted(document: Row) -> dict[str, float]:
    """What each deal counts [B USD]."""
    return {deal["deal_id"]: deal["counted_usd"] / 1e9 for pair in document["pairs"] for deal in pair["deals"]}


def test_supplier_lab_and_cloud_form_a_triangle(tmp_path: Path) -> None:
    # Maker puts 10 into Lab, Lab pays Cloud 30, Cloud pays Maker 20 for chips: 10 go round on three edges.
    document = circular(
        ledger_of(
            tmp_path,
            pay("stake", "maker", "lab", "equity", 10),
            pay("rent", "lab", "cloud", "cloud", 30),
            pay("order", "cloud", "maker", "chips", 20),
        )
    )
    assert document["circulation"]["total_usd"] == pytest.approx(30e9)
    assert document["circulation"]["paid_usd"] == pytest.approx(60e9)
    assert document["circulation"]["cycles"] == [{"party_ids": ["cloud", "maker", "lab"], "usd": pytest.approx(10e9)}]
    maker, cloud = party(document, "maker"), party(document, "cloud")
    assert (maker["invested_usd"], maker["returns_usd"], maker["returns_share"]) == (
        10e9,
        pytest.approx(10e9),
        pytest.approx(1),
    )
    assert cloud["returns_share"] == pytest.approx(0.5)
    assert cloud["pays_through"] == [{"party_id": "maker", "usd": pytest.approx(10e9)}]
    assert cloud["returns_through"] == [{"party_id": "lab", "usd": pytest.approx(10e9)}]
    # Nobody buys directly from whom he invested in.
    assert maker["bought_back_usd"] == 0
    assert not any(pair["is_circular"] for pair in document["pairs"])


def test_status_weighs_and_its_weights_can_be_changed(tmp_path: Path) -> None:
    deals = (
        pay("stake", "maker", "lab", "equity", 10, status="announced"),
        pay("order", "lab", "maker", "chips", 10, status="binding"),
    )
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    bundled = circular(ledger_of(tmp_path / "one", *deals))["circulation"]
    assert bundled["total_usd"] == pytest.approx(20e9)
    # 0.6 of what is announced flows: the smaller of 6 and 9.5, twice.
    assert bundled["weighted"]["total_usd"] == pytest.approx(12e9)
    changed = ledger_of(tmp_path / "two", *deals, settings={"announced_realised_share": (0.1, 0.2, 0.3)})
    assert circular(changed)["circulation"]["weighted"]["total_usd"] == pytest.approx(4e9)


def test_rumoured_money_is_listed_and_counts_nothing(tmp_path: Path) -> None:
    ledger = ledger_of(
        tmp_path,
        pay("stake", "maker", "lab", "equity", 10),
        pay("more", "maker", "lab", "equity", 90, status="rumoured"),
        pay("gone", "maker", "lab", "equity", 50, status="cancelled"),
    )
    assert counted(circular(ledger)) == {"stake": 10, "more": 0}


def test_tally_of_suppliers_counts_what_its_parts_leave(tmp_path: Path) -> None:
    # 100 to a group of suppliers, of which 60 to One and 25 to Two are named (20 of One's 60 a first tranche):
    # 15 stay unnamed.
    document = circular(
        ledger_of(
            tmp_path,
            pay("tally", "lab", "group", "cloud", 100),
            pay("one", "lab", "one", "cloud", 60, part_of="tally"),
            pay("one-first", "lab", "one", "cloud", 20, part_of="one"),
            pay("two", "lab", "two", "cloud", 25, part_of="tally"),
            # What One pays its landlord is another payer's money and takes nothing off.
            pay("lease", "one", "landlord", "site", 5, part_of="one"),
        )
    )
    assert counted(document) == {"tally": 15, "one": 60, "one-first": 0, "two": 25, "lease": 5}
    assert document["circulation"]["paid_usd"] == pytest.approx(105e9)


def test_round_counts_what_its_named_investors_leave(tmp_path: Path) -> None:
    ledger = ledger_of(
        tmp_path,
        pay("round", "lead", "lab", "equity", 41),
        pay("lead-own", "lead", "lab", "equity", 30, part_of="round"),
        pay("others", "group", "lab", "equity", 11, part_of="round"),
    )
    assert counted(circular(ledger)) == {"round": 30, "lead-own": 0, "others": 11}


def test_inclusion_is_taken_off_the_part_or_off_the_group(tmp_path: Path) -> None:
    # Half of Maker's pledge of 10 is in the group's round of 30: the round keeps 25. All of the tranche is in
    # the pledge.
    include: list[Row] = [
        {"inclusion_id": "a", "part_id": "pledge", "whole_id": "round", "share_best": 0.5},
        {"inclusion_id": "b", "part_id": "tranche", "whole_id": "pledge", "share_best": 1},
    ]
    ledger = ledger_of(
        tmp_path,
        pay("pledge", "maker", "lab", "equity", 10),
        pay("round", "group", "lab", "equity", 30),
        pay("tranche", "maker", "lab", "equity", 4),
        inclusion=[{**row, "known_on": "2026-01-01", "source_id": "press"} for row in include],
    )
    assert counted(circular(ledger)) == {"pledge": 10, "round": 25, "tranche": 0}


def test_cloud_contract_implies_chips_by_the_rates(tmp_path: Path) -> None:
    # Lab pays Cloud 30 for five years on GB300, which Nvidia designs: the same conversion as on the command line.
    ledger = ledger_of(
        tmp_path,
        pay("stake", "nvidia", "lab", "equity", 10),
        pay("rent", "lab", "cloud", "cloud", 30, chip_id="gb300", starts_on="2026-07-01", term_years=5),
    )
    document = circular(ledger)
    [leg] = document["implied"]
    assert (leg["payer_id"], leg["payee_id"]) == ("cloud", "nvidia")
    converted = ledger.convert(
        "$30 billion", "chip_capex", measure="cloud_contract", chip="gb300", year=2026, term_years=5
    ).to_dicts()[0]
    assert {name: leg["amount"][name] for name in ("mean", "p05", "p50", "p95")} == pytest.approx(
        {name: converted[name] for name in ("mean", "p05", "p50", "p95")}
    )
    assert leg["contract_share"]["p50"] == pytest.approx(leg["amount"]["p50"] / 30e9)
    # Stated money does not go round; with the implied leg it does, and both stand apart.
    assert document["circulation"]["total_usd"] == 0
    assert document["circulation"]["with_implied"]["total_usd"] == pytest.approx(3 * min(10e9, leg["amount"]["mean"]))
    implied = {
        (edge["payer_id"], edge["payee_id"]): edge["is_implied"]
        for edge in document["circulation"]["with_implied"]["edges"]
    }
    assert implied == {("cloud", "nvidia"): True, ("lab", "cloud"): False, ("nvidia", "lab"): False}


def test_chips_of_the_seller_s_own_design_are_no_purchase(tmp_path: Path) -> None:
    rent = pay("rent", "lab", "google", "cloud", 30, chip_id="tpu-v7", starts_on="2026-07-01", term_years=5)
    assert circular(ledger_of(tmp_path, rent))["implied"] == []


def test_bundled_money_as_worked_out_by_hand() -> None:
    document = circular(bundled_ledger())
    pairs = {(row["party_id"], row["counterparty_id"]): row for row in document["pairs"]}
    # Amazon and Anthropic: 8 + 25 and a tenth of the 5 in Series H; back: 110 by the prospectus, 1.35 and 2.66
    # paid before.
    amazon = pairs["amazon", "anthropic"]
    assert amazon["invested_usd"] / 1e9 == pytest.approx(8 + 25 + 0.5)
    assert amazon["bought_back_usd"] / 1e9 == pytest.approx(110 + 1.35 + 2.66)
    # Google: 3 + 40; back: 111.1 by the prospectus, in which the 200 and the million TPUs are (the racks are
    # Broadcom's).
    assert pairs["google", "anthropic"]["invested_usd"] / 1e9 == pytest.approx(43)
    assert pairs["google", "anthropic"]["bought_back_usd"] / 1e9 == pytest.approx(111.1)
    # Microsoft and OpenAI: 13.8 in cash; back 250.
    assert pairs["microsoft", "openai"]["net_usd"] / 1e9 == pytest.approx(250 - 13.8)
    circulation = document["circulation"]
    assert (
        0 < circulation["weighted"]["total_usd"] < circulation["total_usd"] < circulation["with_implied"]["total_usd"]
    )
    for row in document["parties"]:
        assert row["returns_usd"] <= row["returns_at_most_usd"] * (1 + 1e-9) + 1
        assert row["returns_usd"] <= row["paid_usd"] * (1 + 1e-9) + 1
    # Anthropic's payments: the prospectus' 518.2, the rest of Nvidia's tally 59, and what neither has.
    anthropic = party(document, "anthropic")
    assert anthropic["paid_usd"] / 1e9 == pytest.approx(
        111.1 + 110 + 31.4 + 161.2 + 84.5 + 20  # the six of the prospectus
        + 35 + 44.6 + 10 + (180 - 89.6 - 31.4)  # on Nvidia's systems: named, and the rest of the tally
        + 13.7 + 11.6 + 19 + 9.1 + 50 + 21 + 1.35 + 2.66
    )  # fmt: skip
