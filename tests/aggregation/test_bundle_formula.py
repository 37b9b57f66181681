"""The bundle formula on arrays beside the same text run by DuckDB."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gigaledger.aggregation.rates import _MOST_PAIRS, Path, rates_of
from gigaledger.ledger import open_ledger
from gigaledger.paths import sql_folder

SETTINGS = [
    {},
    {"billed_share": (0.5, 0.8, 0.95), "peak_pue": (1.05, 1.1, 1.2)},
    {"cloud_term_years": (1.0, 2.0, 3.0), "unstated_capex_position": (0.0, 0.5, 1.0)},
    {"chip_price_usd": (9e3, 9e3, 9e3), "tdp_w": (100.0, 900.0, 2000.0)},
]


@pytest.mark.parametrize("settings", SETTINGS)
def test_formula_on_arrays_is_that_of_sql(settings: dict[str, Any]) -> None:
    ledger = open_ledger(settings=settings, draws=64, for_conversion=True)
    pairs = ledger.rows("select distinct chip_id, year from rate_path where year % 2 = 0 order by all")
    ledger.connection.execute("set variable rated_pairs = $1::varchar[]", [[f"{chip}@{year}" for chip, year in pairs]])
    query = (sql_folder() / "core" / "bundle_entries.sql").read_text(encoding="utf-8")
    expected = ledger.connection.execute(query).fetchnumpy()
    rates = rates_of(settings=settings, draw_count=64)
    measures = [name for name in expected if name not in ("chip_id", "year", "draw", "chip_hours_per_year")]
    assert {"chips", "site_capex", "unstated_power", "lease_contract", "cloud_contract", "chip_hours"} <= set(measures)
    found = rates.draws([Path("chips", chip, year) for chip, year in pairs], tuple(measures))
    for name in measures:
        column = np.ma.filled(expected[name].astype(float), np.nan).reshape(len(pairs), 64)
        np.testing.assert_allclose(found[name], column, rtol=1e-13, err_msg=name)
    some = slice(None, None, 8)  # so few that columns which no setting reaches are taken over
    few = rates.draws([Path("chips", chip, year) for chip, year in pairs[some]], tuple(measures))
    assert 0 < len(pairs[some]) <= _MOST_PAIRS < len(pairs)
    for name in measures:
        np.testing.assert_array_equal(few[name], found[name][some], err_msg=name)
