"""What a bill adds to a ledger, as rows of its tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt

    from gigaledger.ledger import Ledger

# The organisation of a provider as bills name it; any other provider becomes an organisation of its own.
_PROVIDERS = {
    "amazon web services": "amazon",
    "aws": "amazon",
    "google cloud": "google",
    "microsoft": "microsoft",
    "microsoft azure": "microsoft",
    "oracle": "oracle",
}


def ledger_rows(
    ledger: Ledger, drawn: list[dict[str, Any]], commitments: list[dict[str, Any]], known_on: dt.date
) -> dict[str, list[dict[str, Any]]]:
    """Rows by the name of their table: source, organization, deal, statement and consumption.

    Args:
        ledger: the ledger in which the bill was read.
        drawn: what was drawn from each deal, by month, measure and chip.
        commitments: the commitments that the bill lists.
        known_on: the day on which the bill became known.
    """
    bill = ledger.records(
        "select any_value(provider) as provider, min(month) as first_month, max(month) as last_month "
        "from focus_charge where kind = 'charge'"
    )[0]
    name = bill["provider"] or "a cloud"
    organization_id = _PROVIDERS.get(name.casefold(), _folded(name))
    period = "-".join(f"{bill[which]:%Y.%m}" for which in ("first_month", "last_month") if bill[which])
    source_id = f"bill.{organization_id}.{period}.{known_on:%Y%m%d}"
    cited = {"known_on": known_on.isoformat(), "source_id": source_id}
    known = {row[0] for row in ledger.rows("select organization_id from organization")}
    return {
        "source": [{"source_id": source_id, "title": f"Bill of {name}, {period} (FOCUS)", "kind": "other"}],
        "organization": [{"organization_id": organization_id, "name": name, "kind": "cloud"}]
        if commitments and organization_id not in known
        else [],
        "deal": [
            {
                "deal_id": one["deal_id"],
                "title": " ".join(filter(None, (one["kind"], one["description"]))) or "Cloud commitment",
                "seller_id": organization_id,
                "layer": "cloud",
                "announced_on": (one["signed_on"] or one["starts_on"]).isoformat(),
                "starts_on": one["starts_on"].isoformat(),
                "ends_on": one["ends_on"].isoformat() if one["ends_on"] else "",
                "status": "binding",
                "part_of": one["part_of"] or "",
                "note": f"As {name} bills it: {one['commitment_id']}",
            }
            for one in commitments
        ],
        "statement": [
            {
                "statement_id": f"{one['deal_id']}.cloud-contract",
                "deal_id": one["deal_id"],
                "measure": "cloud_contract",
                "amount_best": plain_number(one["committed_usd"]),
                "unit": "USD",
                "qualifier": "exact",
                **cited,
                "locator": f"ContractCommitmentId {one['commitment_id']}",
            }
            for one in commitments
        ],
        "consumption": [_consumption(row, cited) for row in drawn],
    }


def _consumption(row: dict[str, Any], cited: dict[str, str]) -> dict[str, str]:
    """One row of consumption; its id says what it is of, so that the same bill gives the same rows."""
    parts = [
        row["deal_id"],
        f"{row['month']:%Y-%m}",
        row["measure"].replace("_", "-"),
        row["chip_id"],
        cited["known_on"],
    ]
    return {
        "consumption_id": ".".join(filter(None, parts)),
        "deal_id": row["deal_id"],
        "month": row["month"].isoformat(),
        "measure": row["measure"],
        "chip_id": row["chip_id"] or "",
        "amount": plain_number(row["amount"]),
        "unit": row["unit"],
        **cited,
    }


def plain_number(value: object) -> str:
    """A decimal number as text, without an exponent and without zeros at its end.

    Example:
        >>> plain_number("280460.160000")
        '280460.16'
    """
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _folded(name: str) -> str:
    """A name as an id: lower-case letters and digits joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "cloud"
