"""What opens behind a number of the page: deals with statements and steps, sites with milestones, and sources."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from gigaledger.figures import figure, interval_figure, scaled
from gigaledger.plots.scales import scale_of
from gigaledger.reconciliation import SHOWN_MEASURES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from gigaledger.ledger import Ledger

QUALIFIERS = {"up_to": "up to ", "at_least": "at least ", "about": "about "}

_DEALS = """
select deal.deal_id, deal.title, deal.layer, deal.status, deal.announced_on, deal.part_of, deal.programme_id, deal.note,
    coalesce(buyer.name, deal.buyer_id) as buyer, coalesce(seller.name, deal.seller_id) as seller,
    coalesce(beneficiary.name, deal.beneficiary_id) as beneficiary
from deal
left join organization as buyer on deal.buyer_id = buyer.organization_id
left join organization as seller on deal.seller_id = seller.organization_id
left join organization as beneficiary on deal.beneficiary_id = beneficiary.organization_id
order by deal.deal_id
"""

_STATEMENTS = """
select deal_id, measure, amount_low, amount_best, amount_high, unit, qualifier, known_on, source_id, locator
from statement
where known_on <= $1
order by deal_id, known_on, statement_id
"""

_MILESTONES = """
select site_id, on_date, stage, measure, amount_low, amount_best, amount_high, unit, known_on, source_id, locator
from milestone_as_of($1::date)
where amount_low is not null or amount_best is not null or amount_high is not null
order by site_id, on_date, stage, measure
"""

_CLAIMS = """
select claim.site_id, claim.deal_id, claim.share_low, claim.share_best, claim.share_high, claim.evidence,
    claim.source_id
from claim
where claim.known_on <= $1
order by claim.site_id, claim.deal_id
"""

# The chip and the year in which most draws of a deal are delivered.
_DELIVERED = """
select line.deal_id, line.chip_id, coalesce(line.year, lagged.year) as year
from deal_line_as_of($1::date) as line
left join (
    select announced_year, mode(rated_year(announced_year + round(years))) as year
    from (select distinct announced_year from deal_line_as_of($1::date) where year is null)
    cross join (select unnest(draws) as years from assumption_draw where assumption_key = 'delivery_lag_years@*@*')
    group by announced_year
) as lagged using (announced_year)
where line.chip_id is not null
"""

# The chips and years whose rates are shown, of the lines that are kept.
RATED_PAIRS = f"select distinct chip_id, year from ({_DELIVERED.replace('$1::date', 'null')})"

# What one such chip is worth.
_RATES = f"""
select delivered.deal_id, delivered.year, worth.measure, measure.unit,
    worth.amount_per_chip[1] as p05, worth.amount_per_chip[2] as p50, worth.amount_per_chip[3] as p95
from ({_DELIVERED}) as delivered
inner join rate_interval() as worth on delivered.chip_id = worth.chip_id and delivered.year = worth.year
inner join measure on worth.measure = measure.measure
"""


def deal_derivations(ledger: Ledger, day: dt.date) -> dict[str, dict[str, Any]]:
    """Every deal by its id: who, when, what was said with its source, and the steps from it to each measure."""
    statements: defaultdict[str, list[list[str | None]]] = defaultdict(list)
    for row in ledger.records(_STATEMENTS, [day]):
        source = row["source_id"]
        statements[row["deal_id"]].append([amount_text(row), row["known_on"].isoformat(), source, row["locator"]])
    steps = _steps(ledger, day)
    deals = {}
    for row in ledger.records(_DEALS):
        if row["deal_id"] not in statements and (row["announced_on"] is None or row["announced_on"] > day):
            continue  # not known yet
        parties = {name: row[name] for name in ("buyer", "seller", "beneficiary") if row[name]}
        deals[row["deal_id"]] = _without_empty(
            {
                **{name: row[name] for name in ("title", "layer", "status", "part_of", "programme_id", "note")},
                **parties,
                "announced_on": row["announced_on"].isoformat() if row["announced_on"] else None,
                "said": statements[row["deal_id"]],
                **steps.get(row["deal_id"], {}),
            }
        )
    return deals


def _steps(ledger: Ledger, day: dt.date) -> dict[str, dict[str, Any]]:
    """By deal: the chip and year that rate it, what one chip is worth, and the result in each measure shown."""
    rates: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    years: dict[str, int] = {}
    for row in ledger.records(_RATES, [day]):
        divisor, unit = scaled(row["unit"], row["p50"])
        years[row["deal_id"]] = row["year"]
        rates[row["deal_id"]][row["measure"]] = f"{interval_figure(row, divisor)} {unit}"
    found: dict[str, dict[str, Any]] = {}
    for row in ledger.records("from deal_capacity_as_of($1::date, measures := $2)", [day, list(SHOWN_MEASURES)]):
        deal = row["deal_id"]
        stated = row["stated_measure"]
        yearly = {"lease_contract": "lease_spend", "cloud_contract": "cloud_spend"}.get(stated, stated)
        entry = found.setdefault(
            deal,
            {
                "stated": amount_text(
                    {**row, "measure": stated, "unit": row["stated_unit"], "amount_best": row["face_amount"]}
                ),
                "chip": row["chip_id"],
                "chip_is_assumed": row["chip_is_assumed"] or None,
                "year": years.get(deal),
                "rated_by": yearly.replace("_", " "),
                "per_chip": rates[deal].get(yearly),
                "steps": {},
            },
        )
        scale = scale_of(row["measure"], row["unit"])
        value = {name: row[f"amount_{name}"] for name in ("p05", "p50", "p95")}
        result = f"{interval_figure(value, scale.divisor)} {scale.unit}"
        entry["steps"][row["measure"]] = [rates[deal].get(row["measure"]), result]
    return {deal: _without_empty(entry) for deal, entry in found.items()}


def site_derivations(ledger: Ledger, day: dt.date) -> dict[str, dict[str, Any]]:
    """Every site by its id: its milestones with their sources, and whom it serves."""
    sites: dict[str, dict[str, Any]] = {
        row["site_id"]: {"name": row["name"], "note": row["note"], "said": [], "claims": []}
        for row in ledger.records("select site_id, name, note from site order by site_id")
    }
    for row in ledger.records(_MILESTONES, [day]):
        text = f"{row['stage'].replace('_', ' ')} from {row['on_date']}: {amount_text(row)}"
        sites[row["site_id"]]["said"].append([text, row["known_on"].isoformat(), row["source_id"], row["locator"]])
    for row in ledger.records(_CLAIMS, [day]):
        shares = [f"{row[name]:.0%}" for name in ("share_low", "share_best", "share_high") if row[name] is not None]
        sites[row["site_id"]]["claims"].append([row["deal_id"], "–".join(shares), row["evidence"], row["source_id"]])
    return {site: _without_empty(entry) for site, entry in sites.items()}


def sources(ledger: Ledger) -> dict[str, list[str | None]]:
    """Title, publisher and address of every source by its id."""
    return {
        row["source_id"]: [row["title"], row["publisher"], row["url"]]
        for row in ledger.records("select source_id, title, publisher, url from source order by source_id")
    }


def assumptions(ledger: Ledger) -> dict[str, list[list[str | None]]]:
    """By assumption: for which chip and year, its 5th, 50th and 95th percentile, and its source."""
    found: defaultdict[str, list[list[str | None]]] = defaultdict(list)
    for row in ledger.records(_ASSUMPTIONS):
        scope = " ".join(part for part in (row["applies_to"], row["year"]) if part != "*")
        values = " – ".join(figure(row[name]) for name in ("low", "best", "high"))
        found[row["assumption_id"]].append([scope, f"{values} {row['unit']}", row["source_id"]])
    return dict(found)


_ASSUMPTIONS = """
select assumption_id, applies_to, year::varchar as year, low, best, high, unit, source_id
from assumption
order by all
"""


def amount_text(row: Mapping[str, Any]) -> str:
    """An amount as its source states it, such as `up to 1,000 MW utility power`."""
    ends = [row.get(name) for name in ("amount_low", "amount_best", "amount_high")]
    known = [end for end in ends if end is not None]
    divisor, unit = scaled(row["unit"], known[0] if known else None)
    numbers = "–".join(dict.fromkeys(figure(end / divisor) for end in known)) or "?"
    words = QUALIFIERS.get(row.get("qualifier") or "", "")
    if not words and ends[1] is None and len(known) == 1:
        words = "at least " if ends[0] is not None else "up to "
    measure = "" if row["measure"] == "chips" else f" {row['measure'].replace('_', ' ')}"
    return f"{words}{numbers} {unit}{measure}"


def _without_empty(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry without what is unknown: the page is smaller, and shows nothing for it."""
    return {name: value for name, value in entry.items() if value not in (None, [], {}, "")}
