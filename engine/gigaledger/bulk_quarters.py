"""The reconciliation at the ends of quarters, all days matched at once and kept in place of the formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gigaledger.bulk import statistics
from gigaledger.bulk_tables import store_rows
from gigaledger.results import STAGES, STATISTICS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gigaledger.bulk import Draws, Places, Rated
    from gigaledger.ledger import Keep, Ledger

MEASURES = ["it_power", "chips", "compute", "total_capex"]
ACCOUNTS = ("pledged", *STAGES, "unidentified")
_COLUMNS = [*(f"{account}_{statistic}" for account in ACCOUNTS for statistic in STATISTICS), "is_met_probability"]

# What stands in for `reconciliation_by_quarter_as_of`.
_ROWS = f"""
    select
        day.as_of,
        programme.programme_id,
        programme.name,
        target.measure,
        measure.unit,
        {", ".join(f"nullif(bulk.{column}, 'nan'::double) as {column}" for column in _COLUMNS)},
        reason_of_remainder(
            nullif(bulk.unidentified_p05, 'nan'::double),
            nullif(bulk.unidentified_p95, 'nan'::double),
            coalesce(without_figure.site_count, 0)
        ) as reason
    from bulk_account as bulk
    inner join bulk_day as day on bulk.day = day.place
    inner join bulk_programme on bulk.programme = bulk_programme.place
    inner join programme using (programme_id)
    inner join bulk_target as target on bulk.measure = target.place
    inner join measure on target.measure = measure.measure
    left join bulk_without_figure as without_figure
        on bulk.day = without_figure.day and programme.programme_id = without_figure.programme_id
"""
_ROWS_OF_QUARTERS = f"{_ROWS} where list_contains({MEASURES}, target.measure)"
# What stands in for `reconciliation_as_of` of the last day, which is rated in all measures.
_ROWS_OF_LAST_DAY = f"""
    select * exclude (as_of)
    from (
        {_ROWS}
        where
            day.place = (select max(place) from bulk_day)
            and (measures is null or list_contains(measures, target.measure))
    )
"""


def store_sites_without_figure(ledger: Ledger) -> None:
    """Count the claimed sites without a figure on each day of `bulk_day`."""
    ledger.connection.execute(
        "create or replace temp table bulk_without_figure as select bulk_day.place as day, without_figure.* "
        "from bulk_day cross join lateral (from site_without_figure_as_of(bulk_day.as_of)) as without_figure"
    )


def keep_accounts(ledger: Ledger, keep: Keep, days: Iterable[Iterable[Rated]], *, has_last_day: bool = False) -> None:
    """Keep the accounts of programmes on the days of `bulk_day`, rated in MEASURES; the last day perhaps in all.

    Args:
        ledger: a ledger with the tables of places.
        keep: keeps the rows of a macro while the question lasts.
        days: the programmes of each day.
        has_last_day: the last day is rated in all measures and will be asked for alone.
    """
    places, values = _accounts(days)
    rows = {
        **dict(zip(("day", "programme", "measure"), places.T.copy(), strict=True)),
        **dict(zip(_COLUMNS, values.T.copy(), strict=True)),
    }
    store_rows(ledger, "bulk_account", rows)
    keep("reconciliation_by_quarter_as_of", "as_of", [], rows=_ROWS_OF_QUARTERS)
    if has_last_day:
        keep("reconciliation_as_of", "as_of, measures := null", [], rows=_ROWS_OF_LAST_DAY)


def _accounts(days: Iterable[Iterable[Rated]]) -> tuple[Places, Draws]:
    """Day, programme and measure of each account, and its statistics, by `reconciliation_draw_as_of`."""
    places, values = [np.empty((0, 3), int)], [np.empty((0, len(_COLUMNS)))]  # nothing where there is no programme
    for day, rated in ((day, rated) for day, group in enumerate(days) for rated in group):
        pledged, identified = rated.pledged[rated.has_pledge], rated.identified[rated.has_pledge]
        stages = np.moveaxis(identified, 2, 0)
        remainder = pledged - (stages[0] + stages[1] + stages[2])
        is_met = np.where(np.isnan(remainder), np.nan, remainder <= 0)
        intervals = np.moveaxis(statistics(np.stack([pledged, *stages, remainder])), -1, 1)
        columns = [*intervals.reshape(len(_COLUMNS) - 1, *is_met.shape[:2]), statistics(is_met)[..., 0]]
        grid = np.meshgrid(day, rated.programmes[rated.has_pledge], np.arange(pledged.shape[1]), indexing="ij")
        places.append(np.stack(grid, axis=-1).reshape(-1, 3))
        values.append(np.stack(columns, axis=-1).reshape(-1, len(_COLUMNS)))
    return np.concatenate(places), np.concatenate(values)
