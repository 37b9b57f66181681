"""Rows with a low and a high: their moments against draws of every row."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from postings import postings

import gigaledger
from gigaledger.aggregation.rates import rates_of
from gigaledger.draws import strata

ROW_COUNT = 10_000


def test_moments_of_a_row_are_those_of_its_distribution() -> None:
    # The mean and the variance of spread_value, by a fine sum over its quantiles.
    for low, best, high in [
        (8.0, 10.0, 15.0),
        (2.0, 10.0, 20.0),
        (9.9, 10.0, 10.1),
        (-5.0, 10.0, 12.0),
        (10.0, 10.0, 10.0),
    ]:
        rows = pl.DataFrame({"measure": ["chips"], "chip": ["h100"], "year": [2025], "amount": [best]})
        rows = rows.with_columns(low=pl.lit(low), high=pl.lit(high))
        plan = gigaledger.aggregate(rows, to="chips", keep=True)
        mean, variance = plan.buckets["amount"].item(), plan.buckets["variance"].item()
        z = np.array([deviate for _, _, deviate in strata(20_000)])
        if low > 0:
            values = rates_of().ledger.rows(
                "select avg(v), var_pop(v) from (select spread_value($1::double, $2::double, $3::double, 'lognormal', "
                "unnest($4::double[]), 0.5) as v)",
                [low, best, high, z],
            )[0]
        else:  # where spread_value would cut at 0, which amounts need not obey
            drawn = best + np.where(z < 0, best - low, high - best) * z / 1.6448536269514722
            values = (drawn.mean(), drawn.var())
        assert mean == pytest.approx(values[0], rel=1e-5)
        assert variance == pytest.approx(values[1], rel=1e-3, abs=1e-12)


def test_totals_agree_with_draws_of_every_row_within_monte_carlo_error() -> None:
    rows = postings(ROW_COUNT).with_columns(
        low=pl.col("amount") * (0.2 + 0.7 * pl.col("year").hash(1) / 2.0**64),
        high=pl.col("amount") * (1.1 + 3 * pl.col("site").hash(2) / 2.0**64),
    )
    found = gigaledger.aggregate(rows, by=["state", "site"], to="it_power")
    exact = gigaledger.aggregate(
        rows.drop("low", "high").with_row_index("row"), by=["row"], to="it_power", draws=True
    ).sort("row")
    rates = exact["draws"].to_numpy() / np.where(rows["amount"] == 0, 1, rows["amount"].to_numpy())[:, None]
    rng = np.random.default_rng(5)
    z = rng.standard_normal(rates.shape)
    amount = rows["amount"].to_numpy()[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        below = np.log(amount / rows["low"].to_numpy()[:, None]) / 1.6448536269514722
        above = np.log(rows["high"].to_numpy()[:, None] / amount) / 1.6448536269514722
    drawn = np.where(amount == 0, 0, amount * np.exp(np.where(z < 0, below, above) * z)) * rates
    groups = rows.select("state", "site").with_columns(place=pl.struct("state", "site").rank("dense") - 1)
    total = np.zeros((groups["place"].max() + 1, drawn.shape[1]))
    np.add.at(total, groups["place"].to_numpy(), drawn)
    # 1,024 draws: the mean of a group is met within a few standard errors.
    spread = total.std(axis=1)
    assert np.abs(found["amount_mean"].to_numpy() - total.mean(axis=1)).max() < 4 * (spread / np.sqrt(1024)).max()
    # The standard error of a percentile of 1,024 normal draws [standard deviations]: sqrt(p (1 - p) / 1024) / density.
    for column, share, error in (("amount_p05", 0.05, 0.066), ("amount_p50", 0.5, 0.039), ("amount_p95", 0.95, 0.066)):
        gaps = (found[column].to_numpy() - np.quantile(total, share, axis=1)) / spread
        assert np.abs(gaps).max() < 4 * error
        assert abs(gaps.mean()) < error


def test_uncertainty_of_independent_rows_averages_out() -> None:
    def width(count: int) -> float:
        rows = pl.DataFrame({"measure": ["chips"] * count, "chip": "h100", "year": 2025, "amount": 10.0})
        frame = gigaledger.aggregate(rows.with_columns(low=8.0, high=12.0), to="chips")
        return float(((frame["amount_p95"] - frame["amount_p05"]) / frame["amount_mean"]).item())

    assert width(1) == pytest.approx(0.4, rel=0.1)
    assert width(10_000) == pytest.approx(width(1) / 100, rel=0.05)


def test_subtotals_of_uncertain_rows_are_sums_in_every_draw() -> None:
    rows = postings(1000).with_columns(low=pl.col("amount") * 0.5, high=pl.col("amount") * 2)
    rolled = gigaledger.aggregate(rows, by=["state", "site"], to="energy", subtotals="rollup", draws=True)
    sites = rolled.filter(pl.col("grouped_by") == "state,site")["draws"].to_numpy().sum(axis=0)
    total = rolled.filter(pl.col("grouped_by") == "")["draws"].to_numpy()[0]
    assert total == pytest.approx(sites, rel=1e-12)
    assert rolled["amount_p05"].gt(0).all()
