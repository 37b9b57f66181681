from __future__ import annotations

import polars as pl
import pytest
from postings import postings

import gigaledger


def test_converted_columns_are_added_without_collecting() -> None:
    seen: list[int] = []

    def noted(rows: pl.DataFrame) -> pl.DataFrame:
        seen.append(rows.height)
        return rows

    rows = postings(500)
    lazy = rows.lazy().map_batches(noted, schema=rows.schema)
    frame = gigaledger.convert_frame(lazy, to=["it_power", "chips"])
    assert seen == []
    found = frame.collect()
    assert sum(seen) == 500
    assert found.columns == [
        *rows.columns,
        *(f"it_power_mw_{statistic}" for statistic in ("mean", "p05", "p50", "p95")),
        *(f"chips_{statistic}" for statistic in ("mean", "p05", "p50", "p95")),
    ]
    assert found.select(rows.columns).equals(rows)
    totals = gigaledger.aggregate(rows.with_row_index("row"), by="row", to="it_power").sort("row")
    for statistic in ("mean", "p05", "p50", "p95"):
        expected = totals[f"amount_{statistic}"].to_list()
        assert found[f"it_power_mw_{statistic}"].to_list() == pytest.approx(expected, rel=1e-12)


def test_means_of_rows_sum_to_the_mean_of_the_total() -> None:
    rows = postings(300)
    converted = gigaledger.convert_frame(rows.lazy(), to="energy", statistics="mean").collect(engine="streaming")
    total = gigaledger.aggregate(rows, to="energy")["amount_mean"].item()
    assert converted["energy_mwh_per_year_mean"].sum() == pytest.approx(total, rel=1e-12)


def test_row_that_cannot_be_converted_is_named() -> None:
    rows = postings(10).with_columns(chip=pl.lit("abacus"))
    frame = gigaledger.convert_frame(rows.lazy(), to="energy")
    with pytest.raises(Exception, match="rows cannot be rated: unknown chip 'abacus'"):
        frame.collect()


def test_statistic_that_is_none_is_refused() -> None:
    with pytest.raises(gigaledger.GigaledgerError, match="'p5' is no statistic; expected mean, p05, p50, p95"):
        gigaledger.convert_frame(postings(1).lazy(), to="energy", statistics="p5")
