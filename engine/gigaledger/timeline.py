"""The ramp of programmes by quarter: what was pledged, what ran, and what runs or is planned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gigaledger.errors import UnknownMeasure
from gigaledger.reconciliation import DEFAULT_MEASURE, SHOWN_MEASURES, chosen_programmes
from gigaledger.results import checked_target, interval

if TYPE_CHECKING:
    import datetime as dt

    from gigaledger.ledger import Ledger

RAMPS = ("pledged", "operational", "operational_or_planned")


def timeline(
    ledger: Ledger, programme: str | None = None, *, as_of: dt.date | None = None, measure: str | None = None
) -> dict[str, Any]:
    """The ramp of one programme or of all, as known on a day.

    Args:
        ledger: an open ledger.
        programme: programme_id or name; none: all, in the order of their ids.
        as_of: only facts known on this day; none: the newest `known_on` of the ledger.
        measure: it_power, chips, compute or total_capex; none: it_power.

    Returns:
        The document of `gigaledger timeline --json`: per programme one entry a quarter with intervals; `operational` is
        null in quarters that have not begun, `is_actual` says which have.

    Raises:
        NotFound: no such programme.
        UnknownMeasure, NotCapacity: no such measure, or one by which no ramp is drawn up.
    """
    target = checked_target(ledger, measure or DEFAULT_MEASURE)
    if target not in SHOWN_MEASURES:
        message = f"no ramp is drawn up in {target}; expected one of {', '.join(SHOWN_MEASURES)}"
        raise UnknownMeasure(message)
    day = as_of or ledger.as_of
    chosen = chosen_programmes(ledger, programme)
    ledger.install("everything")
    quarters: dict[str, list[dict[str, Any]]] = {record["programme_id"]: [] for record in chosen}
    for record in ledger.records(_QUARTERS, [day, target, list(quarters)]):
        quarters[record["programme_id"]].append(
            {
                "quarter_end": record["quarter_end"].isoformat(),
                "is_actual": record["is_actual"],
                **{ramp: interval(record, ramp, record["unit"]) for ramp in RAMPS},
            }
        )
    return {
        "as_of": day.isoformat(),
        "measure": target,
        "programmes": [
            {
                "programme_id": record["programme_id"],
                "name": record["name"],
                "quarters": quarters[record["programme_id"]],
            }
            for record in chosen
        ],
        "draws": ledger.rows("select draw_count from run")[0][0],
        "seed": ledger.rows("select seed from run")[0][0],
        "notes": ledger.notes,
    }


_QUARTERS = """
from build_out_by_quarter_as_of($1::date)
where measure = $2 and list_contains($3::varchar[], programme_id)
order by programme_id, quarter_end
"""
