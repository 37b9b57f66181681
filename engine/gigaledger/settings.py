"""Settings: assumptions that a user changes for one run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from gigaledger.errors import UnknownAssumption, did_you_mean
from gigaledger.formulas import run_formula
from gigaledger.paths import sql_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb


class Settable(NamedTuple):
    """A row of assumption that can be set: its shape, and the least and the largest value of its parameter in unit."""

    assumption_id: str
    parameter: str
    unit: str
    minimum: float
    maximum: float
    assumption_key: str
    distribution: str


def set_assumption(
    connection: duckdb.DuckDBPyConnection, assumption: str, percentiles: tuple[float, float, float]
) -> None:
    """Replace the percentiles of an assumption, or those of all rows of a parameter.

    Args:
        connection: a ledger whose tables are loaded and whose draws are not yet made.
        assumption: an assumption_id, or the name of a parameter.
        percentiles: low, best and high in the unit of the parameter.

    Raises:
        UnknownAssumption: no assumption of that name, or percentiles that it cannot have.
    """
    for formula in ("assumption_row", "suited_distribution"):
        run_formula(connection, sql_folder() / "draws" / f"{formula}.sql")
    chosen = rows_set(settable(connection), assumption, percentiles)
    connection.execute(_UPDATE, [*percentiles, [row.assumption_id for row in chosen]])


def settable(connection: duckdb.DuckDBPyConnection) -> list[Settable]:
    """Every row of assumption, of a ledger that has the view of them."""
    return [Settable(*row) for row in connection.execute(_KNOWN).fetchall()]


def rows_set(known: Sequence[Settable], assumption: str, percentiles: tuple[float, float, float]) -> list[Settable]:
    """The rows whose percentiles a setting replaces.

    Raises:
        UnknownAssumption: no assumption of that name, or percentiles that it cannot have.
    """
    low, best, high = percentiles
    said = f"--set {assumption}={low:g},{best:g},{high:g}"
    if not all(math.isfinite(value) for value in percentiles) or not 0 <= low <= best <= high:
        message = f"{said}: expected 0 <= low <= best <= high, all finite"
        raise UnknownAssumption(message)
    chosen = [row for row in known if assumption in (row.assumption_id, row.parameter)]
    if not chosen:
        names = {row.assumption_id for row in known} | {row.parameter for row in known}
        message = f"--set {assumption}: no assumption of that name{did_you_mean(assumption, names)}"
        raise UnknownAssumption(message)
    _, parameter, unit, minimum, maximum, *_ = chosen[0]
    if low < minimum or high > maximum:
        message = f"{said}: expected {parameter} between {minimum:g} and {maximum:g} {unit}"
        raise UnknownAssumption(message)
    return chosen


_KNOWN = """
select
    assumption_row.assumption_id,
    parameter.parameter,
    parameter.unit,
    parameter.minimum,
    parameter.maximum,
    assumption_row.assumption_key,
    assumption_row.distribution,
from assumption_row
inner join parameter using (parameter)
order by all
"""

_UPDATE = """
update assumption
set
    low = $1,
    best = $2,
    high = $3,
    distribution = suited_distribution(distribution, $1, $3)
where list_contains($4::varchar[], assumption_id)
"""
