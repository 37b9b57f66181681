from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from postings import postings

import gigaledger

if TYPE_CHECKING:
    from pathlib import Path

STATISTICS = ("mean", "p05", "p50", "p95")


def test_total_of_one_row_is_its_conversion() -> None:
    row = pl.DataFrame({"measure": ["chips"], "chip": ["TPUv7"], "year": [2026], "amount": [1e6]})
    total = gigaledger.aggregate(row, to="all")
    converted = gigaledger.convert("1e6 TPUv7", "all", year=2026)
    assert total["measure"].to_list() == converted["measure"].to_list()
    for statistic in STATISTICS:
        assert total[f"amount_{statistic}"].to_list() == pytest.approx(converted[statistic].to_list(), rel=1e-12)


def test_total_in_the_stated_measure_is_the_plain_sum() -> None:
    rows = postings(1000).filter(pl.col("measure") == "it_power")
    total = gigaledger.aggregate(rows, by=["state"], to="it_power")
    sums = rows.group_by("state").agg(pl.col("amount").sum()).sort("state")
    assert total["state"].to_list() == sums["state"].to_list()
    for statistic in STATISTICS:
        assert total[f"amount_{statistic}"].to_list() == pytest.approx(sums["amount"].to_list(), rel=1e-12)


def test_parquet_and_frame_give_the_same_answer(tmp_path: Path) -> None:
    rows = postings(1000)
    rows.write_parquet(tmp_path / "rows.parquet")
    by = ["state", "on_date:quarter"]
    assert gigaledger.aggregate(tmp_path, by=by).equals(gigaledger.aggregate(rows, by=by))
