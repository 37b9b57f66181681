from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from postings import postings

import gigaledger

if TYPE_CHECKING:
    from pathlib import Path

STATISTICS = ("mean", "p05", "p50", "p95")
AMOUNTS = [f"amount_{statistic}" for statistic in STATISTICS]


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
    for column in AMOUNTS:
        assert total[column].to_list() == pytest.approx(sums["amount"].to_list(), rel=1e-12)


def test_order_and_batching_of_the_rows_do_not_matter(tmp_path: Path) -> None:
    rows = postings(3000)
    rows.write_parquet(tmp_path / "whole.parquet")
    for number, part in enumerate(rows.sample(fraction=1, shuffle=True, seed=1).iter_slices(700)):
        part.write_parquet(tmp_path / f"part-{number}.parquet", row_group_size=100)
    whole = gigaledger.aggregate(tmp_path / "whole.parquet", by=["state", "on_date:quarter"], to="energy")
    parts = gigaledger.aggregate(tmp_path / "part-*.parquet", by=["state", "on_date:quarter"], to="energy")
    assert whole.columns == ["state", "on_date_quarter", "measure", "unit", *AMOUNTS]
    assert_frame_equal(whole, parts, rel_tol=1e-12, abs_tol=0)


def test_percentiles_are_those_of_the_draws_by_quantile_cont() -> None:
    frame = gigaledger.aggregate(postings(500), by="state", to=["chips", "energy"], draws=True)
    found = duckdb.sql(
        "select state, measure, avg(draw) as amount_mean, quantile_cont(draw, 0.05) as amount_p05, "
        "quantile_cont(draw, 0.5) as amount_p50, quantile_cont(draw, 0.95) as amount_p95 "
        "from (select state, measure, unnest(draws) as draw from frame) group by all order by state, measure"
    ).pl()
    assert_frame_equal(frame.select(found.columns), found, rel_tol=1e-12, abs_tol=0)


def test_subtotals_are_the_sums_of_their_groups() -> None:
    rows = postings(2000)
    by = ["state", "site"]
    rolled = gigaledger.aggregate(rows, by=by, to="it_power", subtotals="rollup", draws=True)
    assert rolled["grouped_by"].unique().sort().to_list() == ["", "state", "state,site"]
    sites = rolled.filter(pl.col("grouped_by") == "state,site")
    states = rolled.filter(pl.col("grouped_by") == "state")
    total = rolled.filter(pl.col("grouped_by") == "")
    means = sites.group_by("state").agg(pl.col("amount_mean").sum()).sort("state")
    assert states["site"].null_count() == states.height == 3
    assert states["amount_mean"].to_list() == pytest.approx(means["amount_mean"].to_list(), rel=1e-12)
    assert total["draws"].to_numpy()[0] == pytest.approx(states["draws"].to_numpy().sum(axis=0), rel=1e-12)
    sets = gigaledger.aggregate(rows, by=by, to="it_power", subtotals=[["site"]])
    cube = gigaledger.aggregate(rows, by=by, to="it_power", subtotals="cube")
    assert sets["grouped_by"].unique().sort().to_list() == ["site", "state,site"]
    assert_frame_equal(cube.filter(pl.col("grouped_by") == "site"), sets.filter(pl.col("grouped_by") == "site"))


def test_keys_may_be_what_is_stated() -> None:
    frame = gigaledger.aggregate(
        postings(500).with_columns(chip=pl.col("chip").str.to_uppercase()), by=["chip", "measure", "year"], to="chips"
    )
    assert frame.columns[:3] == ["chip", "from_measure", "year"]
    assert set(frame["chip"]) == {"h100", "gb300", "tpu-v7", "nvidia-mix"}


def test_columns_of_other_names_and_units_are_read() -> None:
    rows = postings(400).filter(pl.col("measure") == "it_power")
    renamed = rows.rename({"amount": "mw", "chip": "model"})
    plain = gigaledger.aggregate(rows, by="state", to="chips")
    mapped = gigaledger.aggregate(renamed, by="state", to="chips", columns={"amount": "mw", "chip": "model"})
    in_gigawatts = rows.with_columns(unit=pl.lit("GW"), amount=pl.col("amount") / 1000)
    assert_frame_equal(plain, mapped)
    assert_frame_equal(plain, gigaledger.aggregate(in_gigawatts, by="state", to="chips"), rel_tol=1e-12, abs_tol=0)


def test_conversion_of_totals_there_and_back_is_identity() -> None:
    rows = postings(300).filter(pl.col("chip") == "h100", pl.col("year") == 2025, pl.col("measure") == "chips")
    there = gigaledger.aggregate(rows, to="facility_power", draws=True)["draws"].to_numpy()[0]
    unit = pl.DataFrame({"measure": ["facility_power"], "chip": ["h100"], "year": [2025], "amount": [1.0]})
    back = gigaledger.aggregate(unit, to="chips", draws=True)["draws"].to_numpy()[0]
    assert there * back == pytest.approx(rows["amount"].sum(), rel=1e-12)
