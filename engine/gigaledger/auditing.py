"""The rules of a ledger: every audit with the rows that break it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gigaledger.reconciliation import DEFAULT_MEASURE

if TYPE_CHECKING:
    from gigaledger.ledger import Ledger

_RULES = """
select
    regexp_replace(view_name, '^audit_', '') as rule,
    comment as meaning
from duckdb_views()
where view_name like 'audit\\_%' escape '\\'
order by view_name
"""


def audit(ledger: Ledger) -> dict[str, Any]:
    """Every rule of the ledger and the rows that break one.

    Whether entries balance is looked at in IT power: one formula posts every measure, and drawing all of them takes
    most of the time of all rules together. The view `audit` looks at every measure.

    Args:
        ledger: an open ledger.

    Returns:
        The document of `gigaledger check --json`. rules: name, meaning and number of rows that break it; broken: rule,
        subject_id and detail of each row.
    """
    ledger.install("audit")
    day = ledger.as_of
    with ledger.keeping() as keep:
        keep("site_line_as_of", "as_of", [day])
        keep("deal_line_as_of", "as_of", [day])
        ledger.rate("from reckoned_pair_as_of($1::date)", [day])
        ledger.connection.execute(
            "create or replace temp table posting as from posting_as_of($1::date, measures := [$2])",
            [day, DEFAULT_MEASURE],
        )
    try:
        broken = ledger.records("from audit order by all")
    finally:
        ledger.connection.execute("drop table temp.posting")
    rules = ledger.records(_RULES)
    for rule in rules:
        rule["broken_count"] = sum(row["rule"] == rule["rule"] for row in broken)
    return {"as_of": day.isoformat(), "rules": rules, "broken": broken, "notes": ledger.notes}
