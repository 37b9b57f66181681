"""The conversions held against pairs that the bundled ledger does not hold.

`holdout/` is a small ledger of 60 deals and 71 pairs from public sources: accelerators bought, clusters,
supercomputers, campuses of landlords, colocation and cloud contracts in over 20 countries. It was collected and
typed in two rounds, each before its first score. Since then the model was worked on with it in view, and it was
retyped by the rules of docs/typing.md: who builds, GH200 as a chip of its own, measured loads, one stage a deal.
So it is a development set: its figures say what the model can do, not how a stranger's pair will fare.

Of the goals coverage is met here, factor 1.25 and width 2.5 are not. The figures below keep what is reached from
getting worse; docs/method.md says where the pairs fail and why.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from gigaledger.ledger import open_ledger
from gigaledger.paths import datasets_folder
from gigaledger.tension import tension

HOLDOUT = Path(__file__).with_name("holdout")
# Linpack machines: their power was measured and not rated, their price agreed before accelerators were scarce.
SUPERCOMPUTERS = {"alps", "el-capitan", "frontier", "isambard-ai", "jupiter", "jupiter-power", "leonardo", "lumi"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return tension(open_ledger(HOLDOUT))


def column(folder: Path, file: str, name: str) -> list[str]:
    with (folder / file).open(encoding="utf-8", newline="") as opened:
        return [row[name] for row in csv.DictReader(opened)]


def share_inside(rows: list[dict[str, Any]]) -> float:
    scored = [row for row in rows if row["agrees"] is not None]
    return sum(row["agrees"] for row in scored) / len(scored)


def test_holdout_shares_no_deal_and_no_statement_with_the_ledger() -> None:
    for file, key in (("deal.csv", "deal_id"), ("statement.csv", "statement_id")):
        assert not set(column(HOLDOUT, file, key)) & set(column(datasets_folder(), file, key))


def test_every_statement_of_the_holdout_has_a_source_that_opens() -> None:
    urls = dict(zip(column(HOLDOUT, "source.csv", "source_id"), column(HOLDOUT, "source.csv", "url"), strict=True))
    assert all(urls[source].startswith("http") for source in column(HOLDOUT, "statement.csv", "source_id"))
    assert all(column(HOLDOUT, "statement.csv", "locator"))


def test_forty_pairs_and_more_are_scored(document: dict[str, Any]) -> None:
    assert document["pair_count"] == 71
    assert document["scored_count"] == 70


def test_coverage_factor_and_width_do_not_get_worse(document: dict[str, Any]) -> None:
    assert 0.80 <= document["coverage"] <= 0.95
    assert document["median_factor"] <= 1.37
    assert document["median_width"] <= 3.1


def test_coverage_of_pairs_other_than_supercomputers(document: dict[str, Any]) -> None:
    others = [row for row in document["rows"] if row["deal_id"].rsplit("-", 1)[0] not in SUPERCOMPUTERS]
    assert len(others) >= 60
    assert share_inside(others) >= 0.80


def test_pairs_of_a_strangers_own_are_scored_beside_those_of_the_ledger() -> None:
    own = {row["deal_id"] for row in tension(open_ledger(HOLDOUT, extend=True))["rows"]}
    assert own >= set(column(HOLDOUT, "deal.csv", "deal_id"))
    assert "stargate-abilene" in own
