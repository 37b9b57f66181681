from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from postings import postings

import gigaledger

if TYPE_CHECKING:
    from pathlib import Path

CHANGED = {"peak_pue": (1.05, 1.1, 1.2)}


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The sources that DuckDB scans, as they are scanned."""
    from gigaledger.aggregation.engines import duckdb

    scanned: list[Any] = []
    buckets = duckdb.buckets

    def counted(source: Any, *arguments: Any, **options: Any) -> pl.DataFrame:
        scanned.append(source)
        return buckets(source, *arguments, **options)

    monkeypatch.setattr(duckdb, "buckets", counted)
    return scanned


def test_changed_assumptions_rate_kept_buckets_without_a_scan(scans: list[Any]) -> None:
    rows = postings(1000)
    to = ["it_power", "facility_power", "chips"]
    plan = gigaledger.aggregate(rows, by="state", to=to, keep=True)
    before = plan.result
    changed = plan.with_assumptions(CHANGED).result
    assert len(scans) == 1
    fresh = gigaledger.aggregate(rows, by="state", to=to, settings=CHANGED)
    assert_frame_equal(changed, fresh, rel_tol=1e-12, abs_tol=0)
    assert not changed.filter(pl.col("measure") == "facility_power").equals(
        before.filter(pl.col("measure") == "facility_power")
    )
    assert_frame_equal(plan.result, before)
    assert_frame_equal(gigaledger.aggregate(rows, by="state", to=to), before)


def test_threads_that_rate_one_plan_anew_get_the_answers_of_one() -> None:
    settings = [{"utilisation": (0.3, 0.4 + place / 20, 0.9)} for place in range(6)]
    rows = postings(300)
    alone = gigaledger.aggregate(rows, by="state", to=["energy", "chips"], keep=True)
    expected = [alone.with_assumptions(one).result for one in settings]
    shared = gigaledger.aggregate(rows, by="state", to=["energy", "chips"], keep=True)
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda one: shared.with_assumptions(one).result, settings * 3))
    assert len({frame["amount_p50"].sum() for frame in expected}) == 6
    for place, frame in enumerate(found):
        assert_frame_equal(frame, expected[place % 6])


def test_wrong_assumption_is_refused_and_leaves_the_plan_as_it_was() -> None:
    plan = gigaledger.aggregate(postings(100), by="state", to="energy", keep=True)
    before = plan.result
    with pytest.raises(gigaledger.GigaledgerError, match="no assumption of that name; did you mean 'peak_pue'"):
        plan.with_assumptions({"peak_pu": (1, 2, 3)})
    assert_frame_equal(plan.result, before)


def test_new_files_are_added_without_reading_the_old_ones(tmp_path: Path, scans: list[Any]) -> None:
    rows = postings(2000).with_columns(low=pl.col("amount") * 0.9, high=pl.col("amount") * 1.2)
    rows.head(1500).write_parquet(tmp_path / "old.parquet")
    plan = gigaledger.aggregate(tmp_path / "old.parquet", by="state", to="chips", keep=True)
    rows.tail(500).write_parquet(tmp_path / "new.parquet")
    grown = plan.add(tmp_path / "new.parquet")
    assert [len(source.paths) for source in scans] == [1, 1]
    whole = gigaledger.aggregate(tmp_path, by="state", to="chips")
    assert_frame_equal(grown.result, whole, rel_tol=1e-12, abs_tol=0)
    assert grown.row_count == 2000
    with pytest.raises(gigaledger.GigaledgerError, match=r"new\.parquet is in these buckets already"):
        grown.add(tmp_path)


def test_buckets_grow_by_files_alone(tmp_path: Path) -> None:
    postings(10).write_parquet(tmp_path / "rows.parquet")
    of_frame = gigaledger.aggregate(postings(10), keep=True)
    with pytest.raises(gigaledger.GigaledgerError, match="buckets grow by Parquet files"):
        of_frame.add(tmp_path)


def test_rows_that_cannot_be_rated_are_set_aside_with_counts_and_sums() -> None:
    rows = postings(100)
    strange = pl.concat(
        [
            rows.head(30).with_columns(chip=pl.lit("abacus")),
            rows.tail(20).with_columns(amount=pl.lit(None, pl.Float64)),
        ]
    )
    plan = gigaledger.aggregate(pl.concat([rows, strange]), by="state", to="chips", unknown="set_aside", keep=True)
    assert_frame_equal(plan.result, gigaledger.aggregate(rows, by="state", to="chips"), rel_tol=1e-12, abs_tol=0)
    aside = plan.set_aside
    assert aside["row_count"].sum() == 50
    abacus = aside.filter(pl.col("chip") == "abacus")
    assert abacus["amount"].sum() == pytest.approx(rows.head(30)["amount"].sum())
    assert set(aside.filter(pl.col("chip") != "abacus")["reason"]) == {"no amount"}


def test_rows_are_set_aside_only_where_they_can_be_read() -> None:
    with pytest.raises(gigaledger.GigaledgerError, match="ask with keep=True"):
        gigaledger.aggregate(postings(10), unknown="set_aside")


@pytest.mark.parametrize("by", [[], ["state"]])
def test_nothing_that_can_be_rated_is_no_row_rather_than_0(by: list[str]) -> None:
    strange = postings(20).with_columns(chip=pl.lit("abacus"))
    for rows in (strange, strange.with_columns(low=pl.col("amount") * 0.9, high=pl.col("amount") * 1.1)):
        plan = gigaledger.aggregate(rows, by=by, to=["chips", "energy"], unknown="set_aside", keep=True)
        assert plan.result.is_empty()
        assert plan.result.columns[-4:] == ["amount_mean", "amount_p05", "amount_p50", "amount_p95"]
        assert plan.set_aside["row_count"].sum() == 20
        assert plan.with_assumptions(CHANGED).result.is_empty()
