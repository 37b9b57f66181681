"""Arrays into temporary tables of DuckDB, and work on arrays in groups."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from gigaledger.bulk import Places
    from gigaledger.ledger import Ledger

# So many deals, sites, states or sums are held draw by draw at once to take their percentiles, some 10 MB each.
AT_ONCE = 64


def grouped(function: Callable[[Places], Any], count: int) -> list[Any]:
    """The results of a function of places in groups of fixed extent, two groups at once, which changes no figure."""
    starts = range(0, max(count, 1), AT_ONCE)  # an empty group where there is none
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda start: function(np.arange(start, min(start + AT_ONCE, count))), starts))


def store_rows(
    ledger: Ledger, name: str, columns: dict[str, Any], query: str = "from bulk_rows", *, is_more: bool = False
) -> None:
    """Put columns into a temporary table, as they are or by a query of `bulk_rows`."""
    ledger.connection.register("bulk_rows", columns)
    ledger.connection.execute(
        f"insert into {name} {query}" if is_more else f"create or replace temp table {name} as {query}"
    )
    ledger.connection.unregister("bulk_rows")
