"""The commitments that a bill lists (FOCUS Contract Commitment) as deals of a ledger."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from gigaledger.sources.focus.files import CONTRACT_COMMITMENT, BillFile, scan

if TYPE_CHECKING:
    import duckdb

_LONGEST_NAME = 40


def commitment_rows(connection: duckdb.DuckDBPyConnection, files: list[BillFile]) -> list[dict[str, Any]]:
    """The dollar commitments of a bill, one row each: ids, title, first and last day, dollars (exact, as text).

    A commitment to a quantity has no price of its own here and is left to the report; so is one in another currency.
    """
    listed = [file for file in files if file.dataset == CONTRACT_COMMITMENT]
    if not listed:
        return []
    have = {column for file in listed for column in file.columns}
    description, kind, signed = (
        f'"{name}"' if name in have else "null"
        for name in ("ContractCommitmentDescription", "ContractCommitmentType", "ContractPeriodStart")
    )
    cursor = connection.execute(
        f"""
        select
            "ContractCommitmentId" as commitment_id,
            any_value({description}) as description,
            any_value({kind}) as kind,
            min(try_cast({signed} as timestamp))::date as signed_on,
            min(try_cast("ContractCommitmentPeriodStart" as timestamp))::date as starts_on,
            max(try_cast("ContractCommitmentPeriodEnd" as timestamp))::date as ends_on,
            max(try_cast("ContractCommitmentCost" as decimal(38, 6))) as committed_usd
        from {scan(listed)}
        where "ContractCommitmentId" is not null and "BillingCurrency" = 'USD'
        group by all
        having committed_usd > 0 and starts_on is not null
        order by all
        """
    )
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [{**row, "deal_id": deal_id_of(row["commitment_id"]), "part_of": None} for row in rows]


def deal_id_of(commitment_id: str) -> str:
    """A stable id for the deal of a commitment: the end of the provider's name for it, and a hash of the whole.

    Example:
        >>> deal_id_of("arn:aws:savingsplans:eu-west-1::savingsplan/8f5a")
        'commitment.8f5a-40a902'
    """
    folded = re.sub(r"[^a-z0-9]+", "-", commitment_id.lower().rsplit("/", 1)[-1]).strip("-")[-_LONGEST_NAME:].strip("-")
    digest = hashlib.sha256(commitment_id.encode()).hexdigest()[:6]
    return f"commitment.{folded}-{digest}" if folded else f"commitment.{digest}"
