"""The balance of cloud commitments: committed, consumed and remaining dollars, chips implied beside chips billed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gigaledger.results import interval

if TYPE_CHECKING:
    import datetime as dt

    from gigaledger.ledger import Ledger


def commitment_balances(ledger: Ledger, as_of: dt.date, programmes: list[str] | None = None) -> list[dict[str, Any]]:
    """The commitments from which something was drawn, as `gigaledger reconcile --json` has them.

    Args:
        ledger: an open ledger.
        as_of: only facts known on this day.
        programmes: those whose commitments are asked for; none: all, also commitments of no programme.

    Returns:
        One document per deal: dollars [USD] and shares, `implied_chips` as an interval, `billed_chips` [chip] of the
        last billed month and at most; empty where the ledger holds no consumption.
    """
    drawn = ledger.rows("select distinct deal_id from consumption where known_on <= $1", [as_of])
    if not drawn:
        return []
    deals = [deal_id for (deal_id,) in drawn]
    ledger.rate("select chip_id, year from deal_year where list_contains($1::varchar[], deal_id)", [deals])
    records = ledger.records("from commitment_balance_as_of($1::date)", [as_of])
    return [_balance(record) for record in records if programmes is None or record["programme_id"] in programmes]


def _balance(record: dict[str, Any]) -> dict[str, Any]:
    """One commitment."""
    names = ("deal_id", "title", "programme_id", "committed_usd", "consumed_usd", "remaining_usd", "consumed_share")
    return {
        **{name: record[name] for name in names},
        "elapsed_share": record["elapsed_share"],
        "first_billed_month": record["first_billed_month"].isoformat(),
        "last_billed_month": record["last_billed_month"].isoformat(),
        "implied_chips": interval(record, "implied_chip_count", "chip"),
        "billed_chips": record["billed_chip_count"],
        "most_billed_chips": record["most_billed_chip_count"],
        "billed_chip_hours": record["billed_chip_hours"],
        "billed_usd_per_chip_hour": record["billed_usd_per_chip_hour"],
    }
