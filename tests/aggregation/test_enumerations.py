"""Rows whose texts are enumerations are summed by their codes, and give what their texts give."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from postings import postings

import gigaledger
from gigaledger.errors import UnknownPath

ENGINES = ("duckdb", "polars")
TEXTS = ("state", "site", "measure", "chip")


def enumerated(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.col(name).cast(pl.Enum(rows[name].drop_nulls().unique().sort())) for name in TEXTS)


def source(rows: pl.DataFrame, engine: str) -> pl.DataFrame | duckdb.DuckDBPyRelation:
    """Polars' own enumerations, or a table of DuckDB with its own."""
    if engine == "polars":
        return enumerated(rows)
    connection = duckdb.connect()
    for name in TEXTS:
        listed = ", ".join(f"'{value}'" for value in rows[name].drop_nulls().unique().sort())
        connection.execute(f"create type {name}_name as enum ({listed})")
    connection.register("frame", rows)
    typed = ", ".join(f"{name}::{name}_name as {name}" for name in TEXTS)
    connection.execute(f"create table line as select * replace ({typed}) from frame")
    return connection.table("line")


@pytest.mark.parametrize("engine", ENGINES)
def test_enumerations_give_what_texts_give(engine: str) -> None:
    rows = postings(5000)
    found = gigaledger.aggregate(source(rows, engine), by=["state", "site"], engine=engine)
    expected = gigaledger.aggregate(rows, by=["state", "site"], engine=engine)
    assert_frame_equal(found.cast({"state": pl.String, "site": pl.String}), expected, rel_tol=1e-12, abs_tol=0)


@pytest.mark.parametrize("engine", ENGINES)
def test_enumerations_with_a_null_key_keep_its_group(engine: str) -> None:
    rows = postings(5000).with_columns(state=pl.when(pl.col("state") != "TX").then("state"))
    found = gigaledger.aggregate(source(rows, engine), by="state", to="it_power", engine=engine)
    expected = gigaledger.aggregate(rows, by="state", to="it_power", engine=engine)
    assert None in found["state"].to_list()
    assert_frame_equal(found.cast({"state": pl.String}), expected, rel_tol=1e-12, abs_tol=0)


@pytest.mark.parametrize("engine", ENGINES)
def test_year_far_outside_is_named_and_not_mistaken_for_another(engine: str) -> None:
    rows = postings(5000).with_columns(year=pl.when(pl.int_range(pl.len()) == 7).then(-2_000_000_000).otherwise("year"))
    with pytest.raises(UnknownPath, match=r"1 of 5,000 rows.*-2000000000"):
        gigaledger.aggregate(source(rows, engine), by="state", engine=engine)


def test_setting_of_the_users_connection_is_left_as_it_was() -> None:
    rows = source(postings(5000), "duckdb")
    setting = "select current_setting('perfect_ht_threshold')"
    before = rows.query("line", setting).fetchall()
    gigaledger.aggregate(rows, by="state")
    assert rows.query("line", setting).fetchall() == before
