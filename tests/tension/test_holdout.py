"""The conversions held against pairs that the bundled ledger does not hold.

`development/` is a small ledger of 60 deals and 71 pairs from public sources: accelerators bought, clusters,
supercomputers, campuses of landlords, colocation and cloud contracts in over 20 countries. It was typed before its
first score; since then the model was worked on with it in view, and it was retyped by the rules of docs/typing.md: who
builds, GH200 as a chip of its own, measured loads, one stage a deal. Its figures say what the model can do.

`former_holdout/` is a second one of 61 deals and 75 pairs, typed by somebody who did not see the model's changes. Since
its first score the rates were changed with it in view too; docs/method.md says what was gained on a set left out.

`holdout/` is the third, 48 deals and 58 pairs, typed by two typists who saw nothing of the model, and scored once. The
goals are 85 to 95 % inside, factor 1.25 and width 2.5; a pair that nobody has looked at does not reach them
(docs/method.md says what it does reach and why). The figures below keep what is reached from getting worse.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from gigaledger.ledger import open_ledger
from gigaledger.paths import datasets_folder
from gigaledger.tension import tension

DEVELOPMENT = Path(__file__).with_name("development")
FORMER = Path(__file__).with_name("former_holdout")
HOLDOUT = Path(__file__).with_name("holdout")
FOLDERS = (DEVELOPMENT, FORMER, HOLDOUT)
# Linpack machines: their power was measured and not rated, their price agreed before accelerators were scarce.
SUPERCOMPUTERS = {"alps", "el-capitan", "frontier", "isambard-ai", "jupiter", "jupiter-power", "leonardo", "lumi"}


@pytest.fixture(scope="module")
def development() -> dict[str, Any]:
    return tension(open_ledger(DEVELOPMENT))


@pytest.fixture(scope="module")
def former() -> dict[str, Any]:
    return tension(open_ledger(FORMER))


@pytest.fixture(scope="module")
def holdout() -> dict[str, Any]:
    return tension(open_ledger(HOLDOUT))


def column(folder: Path, file: str, name: str) -> list[str]:
    with (folder / file).open(encoding="utf-8", newline="") as opened:
        return [row[name] for row in csv.DictReader(opened)]


def share_inside(rows: list[dict[str, Any]]) -> float:
    scored = [row for row in rows if row["agrees"] is not None]
    return sum(row["agrees"] for row in scored) / len(scored)


@pytest.mark.parametrize(("file", "key"), [("deal.csv", "deal_id"), ("statement.csv", "statement_id")])
def test_no_deal_and_no_statement_stands_twice(file: str, key: str) -> None:
    ids = [name for folder in (datasets_folder(), *FOLDERS) for name in column(folder, file, key)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_statement_has_a_source_with_an_address_and_a_place(folder: Path) -> None:
    urls = dict(zip(column(folder, "source.csv", "source_id"), column(folder, "source.csv", "url"), strict=True))
    assert all(urls[source].startswith("http") for source in column(folder, "statement.csv", "source_id"))
    assert all(column(folder, "statement.csv", "locator"))


def test_forty_pairs_and_more_are_scored_in_each(
    development: dict[str, Any], former: dict[str, Any], holdout: dict[str, Any]
) -> None:
    assert (development["pair_count"], development["scored_count"]) == (71, 70)
    assert (former["pair_count"], former["scored_count"]) == (75, 75)
    assert (holdout["pair_count"], holdout["scored_count"]) == (58, 55)


def test_development_set_does_not_get_worse(development: dict[str, Any]) -> None:
    assert 0.85 <= development["coverage"] <= 0.95
    assert development["median_factor"] <= 1.28
    assert development["median_width"] <= 3.15


def test_coverage_of_pairs_other_than_supercomputers(development: dict[str, Any]) -> None:
    others = [row for row in development["rows"] if row["deal_id"].rsplit("-", 1)[0] not in SUPERCOMPUTERS]
    assert len(others) >= 55
    assert share_inside(others) >= 0.80


def test_former_holdout_does_not_get_worse(former: dict[str, Any]) -> None:
    assert 0.80 <= former["coverage"] <= 0.95
    assert former["median_factor"] <= 1.28
    assert former["median_width"] <= 3.15


def test_sets_worked_with_hold_what_the_interval_promises(development: dict[str, Any], former: dict[str, Any]) -> None:
    assert share_inside([*development["rows"], *former["rows"]]) >= 0.84


def test_former_holdout_pairs_whose_dollars_say_what_they_pay_for(former: dict[str, Any]) -> None:
    typed = [row for row in former["rows"] if "unstated_capex" not in (row["measure_a"], row["measure_b"])]
    assert len(typed) >= 50
    factors = sorted(max(row["ratio"]["p50"], 1 / row["ratio"]["p50"]) for row in typed)
    assert factors[len(factors) // 2] <= 1.25


def test_holdout_does_not_get_worse(holdout: dict[str, Any]) -> None:
    assert 0.62 <= holdout["coverage"] <= 0.95
    assert holdout["median_factor"] <= 1.40
    assert holdout["median_width"] <= 2.65


def test_pairs_of_a_strangers_own_are_scored_beside_those_of_the_ledger() -> None:
    own = {row["deal_id"] for row in tension(open_ledger(HOLDOUT, extend=True))["rows"]}
    assert own >= set(column(HOLDOUT, "deal.csv", "deal_id"))
    assert "stargate-abilene" in own
