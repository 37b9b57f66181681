"""Mistakes of the question and of the source: one clear sentence each, and no answer from part of the rows."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from postings import postings

import gigaledger
from gigaledger.aggregation.engines import duckdb as duckdb_engine

if TYPE_CHECKING:
    from pathlib import Path

ROWS = postings(100)
ENGINES = ("duckdb", "polars")


def refused(source: Any, engine: str = "duckdb", **options: Any) -> str:
    """The sentence with which an aggregation is refused."""
    with pytest.raises(gigaledger.GigaledgerError) as refusal:
        gigaledger.aggregate(source, engine=engine, **options)
    sentence = str(refusal.value)
    assert "\n" not in sentence
    assert refusal.value.exit_status == 2
    return sentence


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (ROWS.drop("amount"), "has no column amount, only state, site, on_date, measure, chip, year"),
        (ROWS.rename({"chip": "chips"}), "has no column chip, only .*; did you mean 'chips'"),
        (ROWS.with_columns(amount=pl.lit("many")), "has text in the column amount, where number was expected"),
        (ROWS.with_columns(year=pl.lit("2025")), "has text in the column year, where integer was expected"),
        (ROWS.with_columns(measure=pl.lit(1)), "has integer in the column measure, where text was expected"),
        (ROWS.drop("chip", "year"), "has no column chip, .*; it has no column year"),
        (ROWS.clear(), "the source holds no rows"),
        (
            ROWS.with_columns(measure=pl.lit("it_powr")),
            r"100 of 100 rows cannot be rated: unknown measure 'it_powr'; did",
        ),
        (ROWS.with_columns(measure=pl.lit("equity")), r"equity \(money paid for shares\) is a fact, not capacity"),
        (ROWS.with_columns(chip=pl.lit("abacus")), r"unknown chip 'abacus' \(100\)"),
        (ROWS.with_columns(chip=pl.lit(None, pl.String)), r"no chip \(100\)"),
        (ROWS.with_columns(year=pl.lit(1999)), r"year 1999, not between 2000 and 2100 \(100\)"),
        (ROWS.with_columns(amount=pl.lit(None, pl.Float64)), r"100 of 100 rows cannot be rated: no amount \(100\)"),
        (ROWS.with_columns(amount=pl.lit(float("nan"))), "is not finite"),
        (ROWS.with_columns(amount=pl.lit(1e308)), "beyond the range of numbers"),
        (ROWS.with_columns(unit=pl.lit("parsec")), "unit 'parsec' is none of"),
        (ROWS.with_columns(low=pl.lit(2e9), high=pl.lit(3e9)), "100 rows have low, amount and high out of order"),
    ],
)
def test_wrong_rows_are_refused_in_one_sentence(rows: pl.DataFrame, said: str, engine: str) -> None:
    assert re.search(said, refused(rows, engine, to="chips"))


def test_the_worst_offenders_are_named_with_their_counts() -> None:
    wrong = [ROWS.head(count).with_columns(chip=pl.lit(f"chip-{count}")) for count in range(1, 9)]
    sentence = refused(pl.concat([ROWS, *wrong]), to="chips")
    assert sentence.startswith("36 of 136 rows cannot be rated: unknown chip 'chip-8'")
    assert "and 3 more reasons" in sentence
    assert "unknown='set_aside'" in sentence


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"engine": "ducksdb"}, "engine='ducksdb': expected duckdb or polars or spark; did you mean 'duckdb'"),
        ({"to": "it_powr"}, "did you mean 'it_power'"),
        ({"to": "equity"}, "is a fact, not capacity"),
        ({"by": "stat"}, "has no column stat (key), only"),
        ({"by": ["state", "state"]}, "by names 'state' twice"),
        (
            {"by": "on_date:moth"},
            "'moth' in 'on_date:moth' is no grain of time; expected year, quarter, month, week, day",
        ),
        ({"by": "state:month"}, "has text in the column state (key), where date was expected"),
        ({"subtotals": "roll"}, "subtotals is 'roll'; expected 'rollup', 'cube' or a list of lists of keys"),
        ({"columns": {"amounts": "mw"}}, "columns names 'amounts'; expected measure, chip, year, amount"),
        ({"settings": {"peak_pue": (2, 1, 3)}}, "expected 0 <= low <= best <= high"),
        ({"to": []}, "to names no measure; expected all, or some of chips, compute"),
        ({"engine": "spark", "master": "nonsense"}, "master='nonsense' is no address of a cluster; expected sc://"),
        ({"unknown": "drop"}, "unknown='drop': expected refuse or set_aside"),
    ],
)
def test_wrong_question_is_refused(options: dict[str, Any], said: str) -> None:
    assert said in refused(ROWS, **options)


def test_source_that_is_none_is_named() -> None:
    assert "no such file or folder" in refused("nowhere.parquet")
    assert "no file matches this pattern" in refused("nowhere-*.parquet")
    assert "expected Parquet" in refused(object())
    assert "expected Parquet" in refused(object(), "polars")
    assert "the source names no file" in refused([])


def test_folder_without_parquet_is_named(tmp_path: Path) -> None:
    assert "no Parquet file in this folder" in refused(tmp_path)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("damage", ["cut", "foreign", "empty"])
def test_broken_file_among_many_is_named(tmp_path: Path, engine: str, damage: str) -> None:
    for number in range(30):
        ROWS.write_parquet(tmp_path / f"part-{number:02}.parquet")
    broken = tmp_path / "part-17.parquet"
    whole = broken.read_bytes()
    broken.write_bytes({"cut": whole[: len(whole) // 2], "foreign": b"measure,chip\n", "empty": b""}[damage])
    assert "part-17.parquet" in refused(tmp_path, engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_pages_that_are_damaged_name_their_file(tmp_path: Path, engine: str) -> None:
    for number in range(5):
        ROWS.write_parquet(tmp_path / f"part-{number}.parquet", compression="zstd")
    broken = tmp_path / "part-3.parquet"
    damaged = bytearray(broken.read_bytes())
    damaged[4 : len(damaged) // 2] = bytes(len(damaged) // 2 - 4)
    broken.write_bytes(damaged)
    assert "part-3.parquet" in refused(tmp_path, engine)


def test_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rows.parquet"
    ROWS.write_parquet(path)
    buckets = duckdb_engine.buckets

    def slow(*arguments: Any, **options: Any) -> pl.DataFrame:
        found = buckets(*arguments, **options)
        ROWS.head(50).write_parquet(path)
        os.utime(path, ns=(1, 1))
        return found

    monkeypatch.setattr(duckdb_engine, "buckets", slow)
    assert "rows.parquet changed while it was read" in refused(path)


@pytest.mark.parametrize("engine", ENGINES)
def test_file_of_other_types_is_read_or_named(tmp_path: Path, engine: str) -> None:
    for number in range(3):
        ROWS.with_columns(amount=pl.lit(2.0)).write_parquet(tmp_path / f"part-{number}.parquet")
    whole = gigaledger.aggregate(tmp_path, to="chips", engine=engine)
    ROWS.with_columns(amount=pl.lit(2)).write_parquet(tmp_path / "part-1.parquet")
    assert_frame_equal(gigaledger.aggregate(tmp_path, to="chips", engine=engine), whole, rel_tol=1e-12, abs_tol=0)
    ROWS.with_columns(amount=pl.lit("two")).write_parquet(tmp_path / "part-1.parquet")
    said = {"duckdb": "has text in the column amount", "polars": "part-1.parquet has large_string in the column amount"}
    assert said[engine] in refused(tmp_path, engine)


def test_files_with_other_columns_are_refused(tmp_path: Path) -> None:
    ROWS.write_parquet(tmp_path / "a.parquet")
    ROWS.drop("amount").with_columns(mw=1.0).write_parquet(tmp_path / "b.parquet")
    for engine in ENGINES:
        assert refused(tmp_path, engine, to="chips")
