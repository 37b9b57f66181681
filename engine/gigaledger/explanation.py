"""What is known of one deal: statements with sources, the bundle that rates it, and the steps to capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gigaledger.errors import NotFound, did_you_mean
from gigaledger.results import checked_target, interval

if TYPE_CHECKING:
    import datetime as dt

    from gigaledger.ledger import Ledger

_DEAL = """
select deal.*, programme.name as programme_name, buyer.name as buyer, seller.name as seller,
    beneficiary.name as beneficiary
from deal
left join programme using (programme_id)
left join organization as buyer on deal.buyer_id = buyer.organization_id
left join organization as seller on deal.seller_id = seller.organization_id
left join organization as beneficiary on deal.beneficiary_id = beneficiary.organization_id
where deal.deal_id = $1
"""

_STATEMENTS = """
select statement.statement_id, statement.measure, statement.amount_low, statement.amount_best, statement.amount_high,
    statement.unit, statement.qualifier, statement.known_on, statement.locator, statement.confidence,
    measure.kind = 'fact' as is_fact, statement.source_id, source.title as source_title, source.publisher, source.url
from statement
inner join measure using (measure)
left join source using (source_id)
where statement.deal_id = $1 and statement.known_on <= $2
order by measure.physical_rank nulls last, statement.known_on, statement.statement_id
"""

_PARTS = """
select deal_id, title, layer, status, part_of
from deal
where part_of = $1 or deal_id = (select part_of from deal where deal_id = $1)
order by deal_id
"""

_CLAIMS = """
select claim.site_id, site.name, site.state, claim.share_low, claim.share_best, claim.share_high, claim.confidence,
    claim.evidence, claim.known_on, claim.source_id, source.title as source_title, source.publisher, source.url
from claim
inner join site using (site_id)
left join source using (source_id)
where claim.deal_id = $1 and claim.known_on <= $2
order by claim.site_id
"""

_BUNDLE = """
select measure.measure, measure.unit,
    avg(amount_per_chip) as amount_per_chip_mean,
    quantile_cont(amount_per_chip, 0.05) as amount_per_chip_p05,
    quantile_cont(amount_per_chip, 0.50) as amount_per_chip_p50,
    quantile_cont(amount_per_chip, 0.95) as amount_per_chip_p95
from rate_draw
inner join measure using (measure)
where rate_draw.chip_id = $1 and rate_draw.year = $2
group by measure.measure, measure.unit, measure.physical_rank
order by measure.physical_rank
"""

_YEAR = """
select mode(year) from line_bundle_as_of($1::date, 'deal', true, owners := [$2])
"""


def explain_deal(
    ledger: Ledger, deal_id: str, *, as_of: dt.date | None = None, measure: str | None = None
) -> dict[str, Any]:
    """A deal from its sources to its capacity.

    Args:
        ledger: an open ledger.
        deal_id: the deal.
        as_of: only facts known on this day; none: the newest `known_on`.
        measure: target of the steps; none: IT power.

    Returns:
        The document of `gigaledger explain --json`: deal, statements, parts, claims, bundle, steps, results,
        assumptions, sources. A deal without a statement of capacity has no bundle and no steps.

    Raises:
        NotFound: no such deal.
    """
    ledger.install("everything")
    day = as_of or ledger.as_of
    target = checked_target(ledger, measure or "it_power")
    found = ledger.records(_DEAL, [deal_id])
    if not found:
        ids = [row[0] for row in ledger.rows("select deal_id from deal")]
        near = sorted(one for one in ids if deal_id in one)[:8]
        hint = f"; deals with that in their name: {', '.join(near)}" if near else did_you_mean(deal_id, ids)
        raise NotFound(f"no deal {deal_id!r}{hint}")
    statements = ledger.records(_STATEMENTS, [deal_id, day])
    capacity = ledger.records("from deal_capacity_as_of($1::date, deals := [$2])", [day, deal_id])
    document: dict[str, Any] = {
        "as_of": day.isoformat(),
        "deal": found[0],
        "statements": statements,
        "parts": ledger.records(_PARTS, [deal_id]),
        "claims": ledger.records(_CLAIMS, [deal_id, day]),
        "bundle": None,
        "steps": [],
        "results": {},
        "assumptions": [],
        "variance_of": target,
    }
    if capacity:
        _add_derivation(ledger, document, capacity, day, target)
    document["sources"] = _sources(document)
    return document


def _add_derivation(
    ledger: Ledger, document: dict[str, Any], capacity: list[dict[str, Any]], day: dt.date, target: str
) -> None:
    """Add the bundle, the steps and the results of a deal that states capacity."""
    line = capacity[0]
    year = ledger.rows(_YEAR, [day, line["deal_id"]])[0][0]
    entries = {row["measure"]: row for row in ledger.records(_BUNDLE, [line["chip_id"], year])}
    document["bundle"] = {
        "chip": line["chip_id"],
        "chip_is_assumed": line["chip_is_assumed"],
        "year": year,
        "year_is_assumed": line["year"] is None,
        "per_chip": {name: interval(row, "amount_per_chip", row["unit"]) for name, row in entries.items()},
    }
    document["results"] = {row["measure"]: interval(row, "amount", row["unit"]) for row in capacity}
    # Nothing lies between what is stated and itself: what its worth in dollars rests on stands there instead.
    stated = line["stated_measure"]
    varied = next(name for name in (target, "total_capex", "it_power") if name != stated)
    document["variance_of"] = varied
    document["assumptions"] = ledger.records(
        "from assumption_used($1::date, $2, $3::varchar[])", [day, line["deal_id"], [stated, target, varied]]
    )
    document["steps"] = _steps(document, line, target)


def _steps(document: dict[str, Any], line: dict[str, Any], target: str) -> list[dict[str, Any]]:
    """The steps from the stated figure to the target, each with its interval."""
    bundle, results = document["bundle"], document["results"]
    stated = line["stated_measure"]
    yearly = {"lease_contract": "lease_spend", "cloud_contract": "cloud_spend"}.get(stated, stated)
    steps = [
        {"step": f"stated: {stated}, {line['qualifier']}", "amount": line["face_amount"], "unit": line["stated_unit"]},
    ]
    if stated != yearly:
        steps.append({"step": f"over its term: {yearly}", **(results[yearly] or {})})
    if stated != "chips":
        steps.append(
            {"step": f"{yearly} of one {bundle['chip']} ({bundle['year']})", **(bundle["per_chip"].get(yearly) or {})}
        )
        steps.append({"step": f"{yearly} / {yearly} per chip = chips", **(results["chips"] or {})})
    if target not in ("chips", stated):
        steps.append(
            {"step": f"{target} of one {bundle['chip']} ({bundle['year']})", **(bundle["per_chip"].get(target) or {})}
        )
    steps.append({"step": f"= {target}", **(results[target] or {})})
    return steps


def _sources(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Every source of the statements and claims, once."""
    sources = {
        row["source_id"]: {
            "source_id": row["source_id"],
            "title": row["source_title"],
            "publisher": row["publisher"],
            "url": row["url"],
        }
        for row in [*document["statements"], *document["claims"]]
        if row["source_id"]
    }
    return [sources[key] for key in sorted(sources)]
