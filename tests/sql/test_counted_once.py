"""What is counted once, worked out by hand: parts, shared sites across layers, inclusions, money, and the giants."""

from __future__ import annotations

import csv
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from gigaledger.ledger import open_ledger
from gigaledger.overlap import overlap
from gigaledger.schema import tables
from ledgers import bundled_ledger

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gigaledger.ledger import Ledger

Row = dict[str, Any]
DAY = dt.date(2026, 6, 30)
DEFAULTS: dict[str, Row] = {
    "deal": {"title": "A deal", "announced_on": "2026-01-01", "status": "binding", "beneficiary_id": "lab"},
    "statement": {
        "measure": "it_power", "unit": "MW", "qualifier": "exact", "known_on": "2026-01-01", "source_id": "press",
    },
    "milestone": {
        "on_date": "2026-03-01", "stage": "operational", "measure": "it_power", "unit": "MW",
        "known_on": "2026-03-01", "source_id": "press",
    },
    "claim": {"share_best": 1, "known_on": "2026-01-01", "source_id": "press"},
    "inclusion": {"share_best": 1, "known_on": "2026-01-01", "source_id": "press"},
}  # fmt: skip


def deal(
    deal_id: str, layer: str, megawatts: float | None = None, part_of: str = "", **more: Any
) -> Mapping[str, list[Row]]:
    """A deal with one exact statement of IT power [MW], or of the amount and measure in `more`."""
    statement = {
        key: more.pop(key) for key in ("measure", "amount_best", "unit", "qualifier", "known_on") if key in more
    }
    amount = statement or {"amount_best": megawatts}
    return {
        "deal": [{"deal_id": deal_id, "layer": layer, "part_of": part_of, **more}],
        "statement": [{"statement_id": f"{deal_id}.s", "deal_id": deal_id, **amount}],
    }


def site(site_id: str, megawatts: float | None, **claims: float) -> Mapping[str, list[Row]]:
    """A site of so many megawatts of which deals claim shares."""
    milestones = (
        [] if megawatts is None else [{"milestone_id": f"{site_id}.m", "site_id": site_id, "amount_best": megawatts}]
    )
    return {
        "site": [{"site_id": site_id, "name": site_id.title()}],
        "milestone": milestones,
        "claim": [
            {"claim_id": f"{name}.{site_id}", "deal_id": name, "site_id": site_id, "share_best": share}
            for name, share in claims.items()
        ],
    }


def ledger_of(folder: Path, *pieces: Mapping[str, list[Row]], inclusion: list[Row] | None = None) -> Ledger:
    """A ledger of deals and sites."""
    rows: dict[str, list[Row]] = {
        "organization": [{"organization_id": "lab", "name": "Lab"}, {"organization_id": "rival", "name": "Rival"}],
        "source": [{"source_id": "press", "title": "Press", "url": "https://example.org"}],
        "programme": [{"programme_id": "one", "name": "One"}, {"programme_id": "two", "name": "Two"}],
        "inclusion": inclusion or [],
    }
    for piece in pieces:
        for name, added in piece.items():
            rows.setdefault(name, []).extend(added)
    for name, added in rows.items():
        key = tables()[name].primary_key[0]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, tables()[name].columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(
                sorted(({**DEFAULTS.get(name, {}), **row} for row in added), key=lambda row: str(row[key]))
            )
    return open_ledger(folder)


def counted(ledger: Ledger, scope: str = "lab", layer: str = "all", as_of: dt.date = DAY) -> tuple[float, float, float]:
    """Gross, overlap and counted once of a scope and layer [MW]; every amount here is certain: all draws agree."""
    [row] = [one for one in overlap(ledger, scope, as_of=as_of)["scopes"][0]["layers"] if one["layer"] == layer]
    for total in ("gross", "overlap", "counted_once"):
        assert row[total]["p05"] == pytest.approx(row[total]["p95"], abs=1e-6)
        assert row[total]["mean"] == pytest.approx(row[total]["p50"], abs=1e-6)
    return tuple(round(row[total]["mean"], 6) for total in ("gross", "overlap", "counted_once"))


def test_lease_chips_and_cloud_of_one_site_are_one_capacity(tmp_path: Path) -> None:
    # 100 MW stand at Hall; a landlord leases them, a chip maker fills them, a cloud sells them: 300 MW are
    # told, 100 MW exist.
    ledger = ledger_of(
        tmp_path,
        deal("lease", "site", 100), deal("chips", "chips", 100), deal("rent", "cloud", 100),
        site("hall", 100, lease=1, chips=1, rent=1),
    )  # fmt: skip
    assert counted(ledger) == (300, 200, 100)
    assert (
        counted(ledger, layer="site")
        == counted(ledger, layer="chips")
        == counted(ledger, layer="cloud")
        == (100, 0, 100)
    )
    assert counted(ledger, "industry") == (300, 200, 100)


def test_two_deals_of_one_layer_stand_beside_each_other_at_a_site(tmp_path: Path) -> None:
    # Halves of one 200 MW campus under two cloud contracts: nothing is told twice.
    ledger = ledger_of(
        tmp_path, deal("first", "cloud", 100), deal("second", "cloud", 100), site("campus", 200, first=0.5, second=0.5)
    )
    assert counted(ledger) == (200, 0, 200)


def test_partial_shares_across_layers_overlap_where_they_meet(tmp_path: Path) -> None:
    # Campus of 500 MW, all leased (500). Cloud A takes 0.4 of it (200 of its 300 MW), cloud B takes 0.2 (all of
    # its 100 MW). At the campus: leases 500, clouds 200 + 100 = 300, so 300 MW are told twice. Gross 500 + 300
    # + 100 = 900, once 600.
    ledger = ledger_of(
        tmp_path,
        deal("lease", "site", 500), deal("a", "cloud", 300), deal("b", "cloud", 100),
        site("campus", 500, lease=1, a=0.4, b=0.2),
    )  # fmt: skip
    assert counted(ledger) == (900, 300, 600)


def test_overlap_at_sites_is_at_most_the_smaller_deal(tmp_path: Path) -> None:
    # The lease is of 100 MW although the campus is put at 500: it cannot overlap with more than itself.
    ledger = ledger_of(
        tmp_path, deal("lease", "site", 100), deal("rent", "cloud", 300), site("campus", 500, lease=1, rent=1)
    )
    assert counted(ledger) == (400, 100, 300)


def test_over_claimed_site_counts_as_the_whole_site(tmp_path: Path) -> None:
    # 0.6 and 0.7 of 100 MW in one layer: 130 MW told of 100 that stand there.
    ledger = ledger_of(
        tmp_path, deal("first", "cloud", 60), deal("second", "cloud", 70), site("hall", 100, first=0.6, second=0.7)
    )
    assert counted(ledger) == (130, 30, 100)


def test_site_without_a_figure_is_as_large_as_the_deals_that_claim_it_alone(tmp_path: Path) -> None:
    # Nobody states how large Hall is. The lease (80 MW) is for all of it, so the cloud's 100 MW share 80 with
    # it.
    ledger = ledger_of(
        tmp_path, deal("lease", "site", 80), deal("rent", "cloud", 100), site("hall", None, lease=1, rent=0.8)
    )
    assert counted(ledger) == (180, 80, 100)


def test_diamond_is_counted_once(tmp_path: Path) -> None:
    # Cloud (1,000) contains a lease (400) and a chip order (400); both stand at Hall (400 MW). Everything lies
    # in the cloud contract already, so the site takes nothing off a second time: 1,800 told, 1,000 counted.
    ledger = ledger_of(
        tmp_path,
        deal("rent", "cloud", 1000), deal("lease", "site", 400, "rent"), deal("chips", "chips", 400, "rent"),
        site("hall", 400, lease=1, chips=1),
    )  # fmt: skip
    assert counted(ledger) == (1800, 800, 1000)


def test_claims_of_parts_stand_for_their_whole(tmp_path: Path) -> None:
    # Programme One (build, 500) holds a lease at Hall; a chip order of programme Two stands there too. 300 MW
    # are told twice.
    ledger = ledger_of(
        tmp_path,
        deal("build", "build", 500, programme_id="one"), deal("lease", "site", 300, "build", programme_id="one"),
        deal("chips", "chips", 900, programme_id="two"),
        site("hall", 300, lease=1, chips=1),
    )  # fmt: skip
    # Gross 500 + 300 + 900; inside the build 300, at the hall 300.
    assert counted(ledger) == (1700, 600, 1100)
    assert counted(ledger, "one") == (800, 300, 500)
    assert counted(ledger, "two") == (900, 0, 900)


def test_two_programmes_at_one_site_meet_in_the_beneficiary_only(tmp_path: Path) -> None:
    ledger = ledger_of(
        tmp_path,
        deal("a", "cloud", 100, programme_id="one"), deal("b", "chips", 100, programme_id="two"),
        site("hall", 200, a=0.5, b=0.5),
    )  # fmt: skip
    assert counted(ledger, "one") == counted(ledger, "two") == (100, 0, 100)
    # Different layers: the half of the one may be the half of the other, and the largest layer counts.
    assert counted(ledger) == (200, 100, 100)


def test_part_larger_than_its_whole_is_no_more_than_the_whole(tmp_path: Path) -> None:
    # The whole stands (1,000); `check` shows the part of 1,400 that exceeds it.
    ledger = ledger_of(tmp_path, deal("whole", "build", 1000), deal("part", "build", 1400, "whole"))
    assert counted(ledger) == (2400, 1400, 1000)


def test_whole_in_dollars_comes_to_no_less_than_its_physical_parts(tmp_path: Path) -> None:
    # A dollar of cloud is worth next to no megawatt here; its parts are stated in megawatts: 600 + 300 of the
    # cloud layer, and 500 of chips, which may be the same capacity, so 900 are counted.
    price = {
        "measure": "cloud_contract", "amount_best": 1, "unit": "USD", "chip_id": "gb300", "starts_on": "2026-07-01",
             "term_years": 5}  # fmt: skip
    ledger = ledger_of(
        tmp_path,
        deal("umbrella", "cloud", **price),
        deal("a", "cloud", 600, "umbrella"), deal("b", "cloud", 300, "umbrella"), deal("c", "chips", 500, "umbrella"),
        deal("a-first", "cloud", 550, "a"),
    )  # fmt: skip
    assert counted(ledger)[2] == 900
    assert counted(ledger)[0] == pytest.approx(600 + 300 + 500 + 550, abs=1e-3)


def test_rumoured_and_cancelled_deals_are_not_reckoned(tmp_path: Path) -> None:
    ledger = ledger_of(
        tmp_path,
        deal("talk", "cloud", 900, status="rumoured"), deal("dropped", "site", 800, status="cancelled"),
        deal("lease", "site", 100), deal("part", "cloud", 50, "talk"),
        site("hall", 100, talk=1, dropped=1, lease=1),
    )  # fmt: skip
    assert counted(ledger) == (150, 0, 150)


def test_only_what_was_known_counts(tmp_path: Path) -> None:
    # The cloud contract became known on 2026-05-01, its claim on 2026-06-01.
    late = site("hall", 100, lease=1, rent=1)
    late["claim"][1]["known_on"] = "2026-06-01"
    ledger = ledger_of(
        tmp_path, deal("lease", "site", 100), deal("rent", "cloud", amount_best=100, known_on="2026-05-01"), late
    )
    assert counted(ledger, as_of=dt.date(2026, 4, 1)) == (100, 0, 100)
    assert counted(ledger, as_of=dt.date(2026, 5, 15)) == (200, 0, 200)
    assert counted(ledger, as_of=dt.date(2026, 6, 15)) == (200, 100, 100)


def test_inclusion_takes_off_what_two_tallies_both_tell(tmp_path: Path) -> None:
    # Two tallies of 500 and 300 MW; a contract of 100 lies in the first and, to four fifths, in the second as
    # well: 80 MW.
    include: Row = {"inclusion_id": "i", "part_id": "part", "whole_id": "second", "share_best": 0.8}
    ledger = ledger_of(
        tmp_path,
        deal("first", "cloud", 500), deal("second", "cloud", 300), deal("part", "cloud", 100, "first"),
        inclusion=[include],
    )  # fmt: skip
    assert counted(ledger) == (900, 180, 720)


def test_money_is_counted_by_kind_and_across_layers(tmp_path: Path) -> None:
    # Cloud 300 B$, in it a lease of 20 B$ that a loan of 15 B$ funds, of which 5 B$ are a tranche; and 10 B$ of
    # equity.
    def dollars(name: str, layer: str, measure: str, billions: float, part_of: str = "") -> Mapping[str, list[Row]]:
        return deal(name, layer, part_of=part_of, measure=measure, amount_best=billions * 1e9, unit="USD")

    ledger = ledger_of(
        tmp_path,
        dollars("rent", "cloud", "cloud_contract", 300), dollars("lease", "site", "lease_contract", 20, "rent"),
        dollars("loan", "debt", "debt", 15, "lease"), dollars("tranche", "debt", "debt", 5, "loan"),
        dollars("shares", "equity", "equity", 10), dollars("backstop", "guarantee", "guarantee", 12, "lease"),
    )  # fmt: skip
    document = overlap(ledger, "lab", as_of=DAY)
    found = {
        row["money_kind"]: tuple(row[f"{one}_face_usd"] / 1e9 for one in ("gross", "overlap", "counted_once"))
        for row in document["scopes"][0]["money"]
    }
    assert found == {
        "commitment": (320, 20, 300), "debt": (20, 5, 15), "equity": (10, 0, 10), "guarantee": (12, 0, 12)
    }  # fmt: skip
    [rent, shares] = document["tree"]
    assert (rent["deal_id"], shares["deal_id"]) == ("rent", "shares")
    [lease] = rent["parts"]
    assert [(part["deal_id"], part["relation"]) for part in lease["parts"]] == [
        ("loan", "funds"),
        ("backstop", "backs"),
    ]
    assert lease["relation"] == "site_for"


def test_uncertain_money_has_an_interval_and_face_value(tmp_path: Path) -> None:
    ceiling = deal("pledge", "equity", measure="equity", amount_best=40e9, unit="USD", qualifier="up_to")
    [row] = overlap(ledger_of(tmp_path, ceiling), "lab", as_of=DAY)["scopes"][0]["money"]
    assert row["counted_once_face_usd"] == 40e9
    assert row["counted_once"]["p05"] < row["counted_once"]["p50"] < row["counted_once"]["p95"] <= 40e9


def test_order_of_rows_changes_nothing_and_parts_sum_in_every_draw(tmp_path: Path) -> None:
    pieces = [
        deal("lease", "site", 500), deal("a", "cloud", 300), deal("b", "cloud", 100, "a"),
        site("campus", 500, lease=1, a=0.4, b=0.2),
    ]  # fmt: skip
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = ledger_of(tmp_path / "one", *pieces), ledger_of(tmp_path / "two", *reversed(pieces))
    assert overlap(one, as_of=DAY)["scopes"] == overlap(two, as_of=DAY)["scopes"]
    query = (
        "from overlap_draw_as_of($1::date, measures := ['it_power']) where abs(gross - overlap - counted_once) > 1e-9"
    )
    assert one.rows(query, [DAY]) == []


# The bundled ledger against a calculator: what a person adds up from the sources, in billions of dollars.


@pytest.fixture(scope="module")
def money() -> dict[tuple[str, str], tuple[float, float]]:
    """Gross and counted once at face value [B USD] by beneficiary and kind of money."""
    rows = bundled_ledger().rows(
        "select scope_id, money_kind, gross_face_usd / 1e9, counted_once_face_usd / 1e9 from money_overlap "
        "where scope_kind = 'beneficiary'"
    )
    return {(scope, kind): (gross, once) for scope, kind, gross, once in rows}


def test_anthropic_s_commitments_as_worked_out_by_hand(money: dict[tuple[str, str], tuple[float, float]]) -> None:
    # The prospectus' six suppliers, about 518, restate Azure 30, AWS 100, SpaceX 45, the TPU leases 125.2 and
    # the 200 of Google and Broadcom, the million TPUs and the orders of TPU racks: all of it counts as 518.
    prospectus = 518
    # Nvidia's tally of 180 has Lambda 35, Nscale 44.6 and Volta 10 in it, and Azure's 31.4 that the prospectus
    # has too.
    on_nvidia = 180 - 31.4
    # Suppliers in neither: Rum 13.7, Akamai 11.6, the leases of Hawesville 19 and Rockdale 9.1.
    others = 13.7 + 11.6 + 19 + 9.1
    # Built for Anthropic by others or outside the prospectus: 50 with Fluidstack, New Carlisle 11, Hubbard 5;
    # paid already to AWS in 2024 and 2025: 1.35 + 2.66.
    built_and_paid = 50 + 11 + 5 + 1.35 + 2.66
    gross, once = money["anthropic", "commitment"]
    assert once == pytest.approx(prospectus + on_nvidia + others + built_and_paid)
    assert gross > 2.5 * once


def test_anthropic_s_equity_as_worked_out_by_hand(money: dict[tuple[str, str], tuple[float, float]]) -> None:
    # Pledges: Amazon 8 + 25, Google 3 + 40, Microsoft 5, Nvidia 10, AMD 5. Rounds: F 13, G 30, H 65. In H are
    # 15 pledged before: 5 of Amazon (0.9 of it taken as pledged in April) and 0.6 x 15 of Google; half of the 5
    # and the 10 is taken to be in G.
    pledged, rounds = 8 + 25 + 3 + 40 + 5 + 10 + 5, 13 + 30 + 65
    both = 0.9 * 5 + 0.6 * 15 + 0.5 * (5 + 10)
    assert money["anthropic", "equity"][1] == pytest.approx(pledged + rounds - both)


def test_openai_s_commitments_as_worked_out_by_hand(money: dict[tuple[str, str], tuple[float, float]]) -> None:
    # 1,400 contain Stargate 500 (with Oracle 300, CoreWeave 22.4 and Amazon's 100), Azure 250, Amazon 38, and
    # the plan of 600 that replaced them; only Argentina's 25, a letter of intent, lies beside.
    gross, once = money["openai", "commitment"]
    assert once == pytest.approx(1400 + 25)
    assert gross > 3 * once


@pytest.mark.slow
def test_giants_in_gigawatts_as_worked_out_by_hand() -> None:
    ledger = bundled_ledger()
    found = {
        (row["scope_id"]): row
        for row in ledger.records(
            "from overlap_as_of($1::date, measures := ['it_power']) where scope_kind = 'beneficiary' and layer = 'all'",
            [ledger.as_of],
        )
    }
    # OpenAI: about 36 GW (33 GW elsewhere) of the 1.4 trillion; Georgia's 3.2 GW of power and Argentina come on
    # top.
    assert found["openai"]["counted_once_p05"] < 36_000 < found["openai"]["counted_once_p95"]
    # Anthropic: 14.8 GW in The Information's tally, direct leases, the 50 billion and Nvidia's 2.5 GW beside.
    assert found["anthropic"]["counted_once_p05"] < 18_000 < found["anthropic"]["counted_once_p95"]
    # Five sites of the 50 billion stand under Google's TPUs too: 207 + 168 + 360 + 245 MW stated, and New
    # Lebanon.
    assert 700 < found["anthropic"]["shared_mean"] < 1400
    for row in found.values():
        assert 0 <= row["counted_once_p05"] <= row["counted_once_p50"] <= row["counted_once_p95"]
        assert row["gross_mean"] == pytest.approx(row["overlap_mean"] + row["counted_once_mean"])
        reasons = row["inside_mean"] + row["shared_mean"] + row["included_mean"]
        assert row["overlap_mean"] == pytest.approx(reasons, abs=1e-6)


def test_tree_names_abilene_with_its_chips_shell_lease_and_debt() -> None:
    document = overlap(bundled_ledger(), "openai-stargate-oracle")

    def found(nodes: list[Row], deal_id: str) -> Row:
        for node in nodes:
            if node["deal_id"] == deal_id:
                return node
            below = found(node["parts"], deal_id)
            if below:
                return below
        return {}

    abilene = found(document["tree"], "stargate-abilene")
    relations = {part["deal_id"]: part["relation"] for part in abilene["parts"]}
    assert relations["stargate-abilene-lease"] == "site_for"
    shell = found(abilene["parts"], "stargate-abilene-shell")
    assert {part["relation"] for part in shell["parts"]} >= {"funds"}
    assert [site["site_id"] for site in abilene["sites"]] == ["stargate-abilene"]
