"""Settings: assumptions that a user changes for one run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gigaledger.errors import UnknownAssumption, did_you_mean

if TYPE_CHECKING:
    import duckdb


def set_assumption(
    connection: duckdb.DuckDBPyConnection, assumption: str, percentiles: tuple[float, float, float]
) -> list[str]:
    """Replace the percentiles of an assumption, or those of all rows of a parameter.

    Args:
        connection: a ledger whose tables are loaded and whose draws are not yet made.
        assumption: an assumption_id, or the name of a parameter.
        percentiles: low, best and high in the unit of the parameter.

    Returns:
        The assumption_id of what is replaced.

    Raises:
        UnknownAssumption: no assumption of that name, or percentiles that it cannot have.
    """
    low, best, high = percentiles
    said = f"--set {assumption}={low:g},{best:g},{high:g}"
    if not all(math.isfinite(value) for value in percentiles) or not 0 <= low <= best <= high:
        message = f"{said}: expected 0 <= low <= best <= high, all finite"
        raise UnknownAssumption(message)
    known = connection.execute(_KNOWN).fetchall()
    chosen = [row for row in known if assumption in row[:2]]
    if not chosen:
        names = {row[0] for row in known} | {row[1] for row in known}
        message = f"--set {assumption}: no assumption of that name{did_you_mean(assumption, names)}"
        raise UnknownAssumption(message)
    _, parameter, unit, minimum, maximum = chosen[0]
    if low < minimum or high > maximum:
        message = f"{said}: expected {parameter} between {minimum:g} and {maximum:g} {unit}"
        raise UnknownAssumption(message)
    ids = [row[0] for row in chosen]
    connection.execute(_UPDATE, [low, best, high, ids])
    return ids


_KNOWN = """
select distinct assumption.assumption_id, parameter.parameter, parameter.unit, parameter.minimum, parameter.maximum
from assumption
inner join parameter on split_part(assumption.assumption_id, '.', 1) = parameter.parameter
order by all
"""

# A shape that the new percentiles do not suit gives way to one that does.
_UPDATE = """
update assumption
set
    low = $1,
    best = $2,
    high = $3,
    distribution = case
        when $1 = $3 then 'fixed'
        when distribution = 'fixed' then 'uniform'
        when distribution = 'logit' and ($1 <= 0 or $3 >= 1) then 'uniform'
        when coalesce(distribution, 'lognormal') = 'lognormal' and $1 <= 0 then 'uniform'
        else distribution
    end
where list_contains($4::varchar[], assumption_id)
"""
