"""Buckets in a file: rated again without their source, grown by further files, and refused where they are none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner
from polars.testing import assert_frame_equal
from postings import postings

import gigaledger
from gigaledger.cli.main import cli

if TYPE_CHECKING:
    from pathlib import Path

CHANGED = {"peak_pue": (1.05, 1.1, 1.2)}


def printed(*arguments: str | Path) -> str:
    """What the command prints, or the sentence with which it refuses."""
    done = CliRunner().invoke(cli, ["aggregate", *map(str, arguments)])
    return done.output if done.exit_code == 0 else f"{done.output} {done.exception}"


@pytest.mark.parametrize("is_uncertain", [False, True])
def test_buckets_of_a_file_are_rated_without_their_source(tmp_path: Path, *, is_uncertain: bool) -> None:
    rows = postings(600)
    if is_uncertain:
        rows = rows.with_columns(low=pl.col("amount") * 0.9, high=pl.col("amount") * 1.2)
    rows.write_parquet(tmp_path / "rows.parquet")
    by, subtotals = ["state", "on_date:month", "chip"], [["state"]]
    plan = gigaledger.aggregate(tmp_path / "rows.parquet", by=by, to="chips", subtotals=subtotals, keep=True)
    plan.save(tmp_path / "kept.parquet")
    (tmp_path / "rows.parquet").unlink()
    kept = gigaledger.kept_buckets(tmp_path / "kept.parquet", to=["energy", "chips"], settings=CHANGED)
    fresh = gigaledger.aggregate(rows, by=by, to=["energy", "chips"], subtotals=subtotals, settings=CHANGED)
    assert_frame_equal(kept.result, fresh, rel_tol=1e-12, abs_tol=0)


def test_command_keeps_buckets_rates_them_and_adds_files(tmp_path: Path) -> None:
    rows = postings(900)
    for name, part in (("old", rows.head(500)), ("new", rows.tail(400))):
        part.write_parquet(tmp_path / f"{name}.parquet")
    kept, grown = tmp_path / "kept.parquet", tmp_path / "grown.parquet"
    printed(tmp_path / "old.parquet", "--by", "state", "--to", "chips", "--keep-buckets", kept)
    printed(tmp_path / "new.parquet", "--buckets", kept, "--to", "chips", "--keep-buckets", grown)
    document = json.loads(printed("--buckets", grown, "--to", "energy", "--set", "peak_pue=1.05,1.1,1.2", "--json"))
    fresh = gigaledger.aggregate(rows, by="state", to="energy", settings=CHANGED)
    assert document["row_count"] == 900
    assert [row["state"] for row in document["rows"]] == fresh["state"].to_list()
    medians = [row["amount"]["p50"] for row in document["rows"]]
    assert medians == pytest.approx(fresh["amount_p50"].to_list(), rel=1e-12)
    assert "new.parquet is in these buckets already" in printed(tmp_path / "new.parquet", "--buckets", grown)


def test_what_is_no_file_of_buckets_is_refused(tmp_path: Path) -> None:
    postings(9).write_parquet(tmp_path / "rows.parquet")
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "rows.parquet").read_bytes()[:99])
    for name, said in (
        ("rows", "holds no kept buckets; expected a file that"),
        ("cut", "cannot be read as kept buckets"),
        ("none", "no such file"),
    ):
        with pytest.raises(gigaledger.GigaledgerError, match=rf"{name}\.parquet .*{said}"):
            gigaledger.kept_buckets(tmp_path / f"{name}.parquet")
    assert "expected Parquet files, or --buckets" in printed()
    assert "are fixed in --buckets" in printed("--buckets", tmp_path / "rows.parquet", "--by", "state")


def test_buckets_replace_buckets_and_never_the_source(tmp_path: Path) -> None:
    source, kept = tmp_path / "rows.parquet", tmp_path / "kept.parquet"
    postings(9).write_parquet(source)
    before = source.read_bytes()
    plan = gigaledger.aggregate(source, by=["state"], to="chips", keep=True)
    plan.save(kept)
    plan.save(kept)
    assert kept.exists()
    with pytest.raises(gigaledger.GigaledgerError, match="is no file of kept buckets, so it is not replaced"):
        plan.save(source)
    assert source.read_bytes() == before
