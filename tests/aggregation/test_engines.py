from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from postings import CHIPS, MEASURES, postings

import gigaledger
from gigaledger.aggregation import dictionary
from gigaledger.aggregation.engines import duckdb_sums

if TYPE_CHECKING:
    from pathlib import Path

BY = ["state", "site", "on_date:month"]
TO = ["chips", "it_power", "cloud_spend"]
SCHEMA = {"state": pl.String, "measure": pl.String, "chip": pl.String, "year": pl.Int32, "amount": pl.Float64}


def assert_engines_agree(source: Any, by: list[str] = BY, **options: Any) -> pl.DataFrame:
    """The answer of DuckDB, which that of Polars must equal."""
    answer = gigaledger.aggregate(source, by=by, to=TO, **options)
    assert_frame_equal(
        answer, gigaledger.aggregate(source, by=by, to=TO, engine="polars", **options), rel_tol=1e-9, abs_tol=1e-9
    )
    return answer


@pytest.mark.parametrize("by", [[], ["state"], BY, ["chip", "year"], ["on_date:year", "is_new"], ["count"]])
def test_engines_agree(by: list[str]) -> None:
    rows = postings(2000).with_columns(is_new=pl.col("year") > 2025, count=pl.col("year") % 3)
    assert_engines_agree(rows, by)


@pytest.mark.parametrize("amount", [0.0, 1e290, -5.0, 1e-290])
def test_engines_agree_on_zero_huge_tiny_and_negative_amounts(amount: float) -> None:
    answer = assert_engines_agree(postings(50).with_columns(amount=pl.lit(amount)))
    ordered = answer.select(
        (pl.col("amount_p05") <= pl.col("amount_p50")) & (pl.col("amount_p50") <= pl.col("amount_p95"))
    )
    assert ordered.to_series().all()


def test_engines_agree_on_keys_that_are_null() -> None:
    rows = postings(500).with_columns(state=pl.when(pl.col("year") > 2024).then("state"), site=pl.lit(None, pl.String))
    answer = assert_engines_agree(rows)
    assert answer["site"].null_count() == answer.height


def test_engines_agree_on_uncertain_rows() -> None:
    rows = postings(500).with_columns(low=pl.col("amount") * 0.5, high=pl.col("amount") * 3)
    assert_engines_agree(rows)


def test_engines_read_hive_folders_and_lazy_frames_alike(tmp_path: Path) -> None:
    rows = postings(2000)
    rows.write_parquet(pl.PartitionBy(tmp_path, key=["state"]), mkdir=True)
    plain = assert_engines_agree(rows)
    assert_frame_equal(plain, assert_engines_agree(tmp_path), rel_tol=1e-9, abs_tol=0)
    lazy = gigaledger.aggregate(rows.lazy(), by=BY, to=TO, engine="polars")
    arrow = gigaledger.aggregate(rows.to_arrow(), by=BY, to=TO)
    assert_frame_equal(plain, lazy, rel_tol=1e-9, abs_tol=0)
    assert_frame_equal(plain, arrow, rel_tol=1e-9, abs_tol=0)


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_frames_of_other_libraries_are_read(tmp_path: Path, engine: str) -> None:
    rows = postings(70_000)  # more than are sampled
    rows.write_parquet(tmp_path / "rows.parquet")
    table = rows.to_arrow()
    plain = gigaledger.aggregate(rows, by="state", to=TO, engine=engine)
    for source in (
        table,
        pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=1000)),
        ds.dataset(tmp_path),
        rows.to_pandas(),
    ):
        found = gigaledger.aggregate(source, by="state", to=TO, engine=engine)
        assert_frame_equal(found, plain, rel_tol=1e-9, abs_tol=0)


def test_duckdb_relation_is_read_where_it_is_and_left_as_it_was() -> None:
    rows = postings(2000)
    connection = duckdb.connect()
    connection.execute("create table line as from rows")
    before = connection.execute("from duckdb_settings() where name = 'perfect_ht_threshold'").fetchall()
    found = gigaledger.aggregate(connection.table("line").filter("state = 'TX'"), by=BY, to=TO)
    assert_frame_equal(
        found, gigaledger.aggregate(rows.filter(pl.col("state") == "TX"), by=BY, to=TO), rel_tol=1e-9, abs_tol=0
    )
    assert connection.execute("show tables").fetchall() == [("line",)]
    assert connection.execute("from duckdb_settings() where name = 'perfect_ht_threshold'").fetchall() == before


@pytest.mark.parametrize("by", [["state"], ["state", "on_date:month"]])
def test_rows_that_the_sample_did_not_show_are_counted_too(monkeypatch: pytest.MonkeyPatch, by: list[str]) -> None:
    common = postings(3_000)
    rare = postings(40).with_columns(state=pl.lit("WY"), year=pl.lit(2020, pl.Int32))
    nameless = postings(7).with_columns(state=pl.lit(None, pl.String))
    rows = pl.concat([common, rare, nameless])
    connection = duckdb.connect()
    connection.execute("create table line as from rows")
    seen = []

    def sample_of_common(lines: Any, row_count: int) -> pl.DataFrame:
        seen.append(row_count)
        named = common.with_columns(key_0="state", key_1=pl.col("on_date").dt.truncate("1mo"))
        return named.select(lines.columns)

    monkeypatch.setattr(duckdb_sums, "SAMPLED_ROWS", 1_000)
    monkeypatch.setattr(duckdb_sums, "_sample", sample_of_common)
    found = gigaledger.aggregate(connection.table("line"), by=by, to=TO)
    assert seen == [rows.height]
    assert_frame_equal(found, gigaledger.aggregate(rows, by=by, to=TO, engine="polars"), rel_tol=1e-9, abs_tol=0)
    assert {"WY", None} <= set(found["state"])
    assert connection.execute("select count(*) from duckdb_types() where type_name like 'gigaledger%'").fetchall() == [
        (0,)
    ]


@pytest.mark.parametrize("is_sorted", [False, True])
def test_sample_of_row_groups_shows_the_keys_or_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_sorted: bool
) -> None:
    rows = postings(20_000).with_columns(site=pl.lit("site-") + (pl.int_range(20_000) % 400).cast(pl.String))
    (rows.sort("site") if is_sorted else rows).write_parquet(tmp_path / "rows.parquet", row_group_size=1_000)
    asked: list[list[str] | None] = []

    def names(sample: pl.DataFrame, columns: list[str]) -> dict[str, pl.Series] | None:
        found = dictionary.names_of(sample, columns)
        asked.append(found and list(found))
        return found

    monkeypatch.setattr(duckdb_sums, "SAMPLED_ROWS", 10_000)
    monkeypatch.setattr(duckdb_sums, "names_of", names)
    found = gigaledger.aggregate(tmp_path / "rows.parquet", by="site", to=TO)
    assert asked == [None if is_sorted else ["key_0", "measure", "chip"]]
    assert_frame_equal(found, gigaledger.aggregate(rows, by="site", to=TO, engine="polars"), rel_tol=1e-9, abs_tol=0)


def test_rows_are_counted_where_they_cannot_be_rated_though_nobody_keeps_them() -> None:
    rows = postings(500).with_columns(chip=pl.when(pl.int_range(500) % 5 == 0).then(pl.lit("abacus")).otherwise("chip"))
    holed = postings(500).with_columns(amount=pl.when(pl.int_range(500) % 5 > 0).then("amount"))
    for engine in ("duckdb", "polars"):
        with pytest.raises(gigaledger.GigaledgerError, match=r"100 of 500 rows .*'abacus'.* \(100\)"):
            gigaledger.aggregate(rows, by="state", to=TO, engine=engine)
        with pytest.raises(gigaledger.GigaledgerError, match=r"100 of 500 rows .*no amount \(100\)"):
            gigaledger.aggregate(holed, by="state", to=TO, engine=engine)


def test_codes_that_do_not_fit_are_summed_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = postings(3000)
    monkeypatch.setattr("gigaledger.aggregation.engines.polars._CODE_BITS", 38 + 4)
    assert_engines_agree(rows, ["site", "state"])


ROW = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["TX", "NY", "", "ü", None]),
        "measure": st.sampled_from(MEASURES),
        "chip": st.sampled_from(CHIPS),
        "year": st.integers(2000, 2100),
        "amount": st.floats(-1e12, 1e12, allow_subnormal=False),
    }
)


@settings(max_examples=15, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=40))
def test_engines_agree_on_any_rows(rows: list[dict[str, Any]]) -> None:
    frame = pl.DataFrame(rows, schema=SCHEMA)
    scale = frame["amount"].abs().sum()
    answers = [gigaledger.aggregate(frame, by="state", to="it_power", engine=one) for one in ("duckdb", "polars")]
    assert_frame_equal(*answers, rel_tol=1e-9, abs_tol=1e-12 * max(scale, 1.0) * 1e3)
