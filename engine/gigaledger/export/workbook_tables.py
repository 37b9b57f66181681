"""The sheets of a workbook that list sites, deals and the tables of the datasets, and say what each column means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gigaledger.comments import column_meaning, glossary
from gigaledger.export.sheets import Column, Styles, add_sheet, amount_column
from gigaledger.reconciliation import ACCOUNTS
from gigaledger.results import STATISTICS

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

    from gigaledger.ledger import Ledger


def sites_sheet(ledger: Ledger, workbook: Workbook, styles: Styles) -> int:
    """Sites with coordinates, operator and IT power by stage; returns their number."""
    records = ledger.records(_SITES, [ledger.as_of])
    columns = [
        Column("site_id", "Site id", width=30),
        Column("name", "Site", width=38),
        Column("state", "State", width=8),
        Column("country", "Country", width=9),
        Column("latitude", "Latitude [degree]", "degree", 12),
        Column("longitude", "Longitude [degree]", "degree", 12),
        Column("operator_name", "Operator", width=22),
        Column("owner_name", "Owner", width=22),
        *(
            amount_column(stage, statistic, "MW", "amount")
            for stage in ACCOUNTS[1:4]
            for statistic in ("mean", "p05", "p95")
        ),
        Column("note", "Note", width=80),
    ]
    title = "Sites: IT power by stage [MW]"
    note = f"As known on {ledger.as_of}; each stage beyond the ones before. Empty: no figure of capacity is known."
    add_sheet(workbook, styles, "Sites", title, note, columns, [[row[one.name] for one in columns] for row in records])
    return len(records)


def deals_sheet(ledger: Ledger, workbook: Workbook, styles: Styles) -> int:
    """Deals with their parties, face value, IT power and dollars; returns their number."""
    records = ledger.records(_DEALS, [ledger.as_of])
    columns = [
        Column("deal_id", "Deal id", width=30),
        Column("title", "Deal", width=60),
        Column("programme_id", "Programme", width=28),
        Column("buyer", "Buyer", width=20),
        Column("seller", "Seller", width=20),
        Column("layer", "Layer", width=10),
        Column("status", "Status", width=14),
        Column("announced_on", "Announced", "date", 12),
        Column("face_amount", "Face amount [unit beside it]", "any", 18),
        Column("stated_unit", "Unit", width=10),
        Column("stated_measure", "What the face amount measures", width=18),
        Column("it_power_mean", "IT power, mean [MW]", "amount"),
        Column("it_power_p05", "IT power, 5 % [MW]", "amount"),
        Column("it_power_p95", "IT power, 95 % [MW]", "amount"),
        Column("total_capex_mean", "Total capex, mean [USD]", "dollars"),
        Column("total_capex_p05", "Total capex, 5 % [USD]", "dollars"),
        Column("total_capex_p95", "Total capex, 95 % [USD]", "dollars"),
        Column("part_of", "Part of", width=28),
    ]
    title = "Deals: face amount, IT power [MW] and total capex [USD]"
    note = "A deal that is part of another is counted in it. Empty: not reckoned (rumoured, cancelled, or no capacity)."
    add_sheet(workbook, styles, "Deals", title, note, columns, [[row[one.name] for one in columns] for row in records])
    return len(records)


_SITES = """
select site.site_id, site.name, site.state, site.country, site.latitude, site.longitude,
    operator.name as operator_name, owner.name as owner_name, site.note,
    capacity.* exclude (site_id, name, state, country, measure, unit)
from site
left join organization as operator on site.operator_id = operator.organization_id
left join organization as owner on site.owner_id = owner.organization_id
left join site_capacity_as_of($1::date, measures := ['it_power']) as capacity using (site_id)
order by site.site_id
"""

_DEALS = """
with capacity as (
    select *
    from deal_capacity_as_of($1::date, measures := ['it_power', 'total_capex'])
)
select deal.deal_id, deal.title, deal.programme_id, buyer.name as buyer, seller.name as seller, deal.layer, deal.status,
    deal.announced_on, deal.part_of, power.face_amount, power.stated_unit, power.stated_measure,
    power.amount_mean as it_power_mean, power.amount_p05 as it_power_p05, power.amount_p95 as it_power_p95,
    money.amount_mean as total_capex_mean, money.amount_p05 as total_capex_p05, money.amount_p95 as total_capex_p95
from deal
left join organization as buyer on deal.buyer_id = buyer.organization_id
left join organization as seller on deal.seller_id = seller.organization_id
left join capacity as power on deal.deal_id = power.deal_id and power.measure = 'it_power'
left join capacity as money on deal.deal_id = money.deal_id and money.measure = 'total_capex'
order by deal.deal_id
"""

TABLES = {
    "statement": "Statements: what sources state of deals",
    "milestone": "Milestones: what sources state of sites",
    "assumption": "Assumptions: low, best and high are the 5th, 50th and 95th percentile",
    "source": "Sources",
}
_WIDTHS = {"note": 80, "locator": 60, "title": 80, "url": 70, "publisher": 26, "unit": 12}


def table_sheet(ledger: Ledger, workbook: Workbook, styles: Styles, table: str, title: str) -> int:
    """A table of the datasets as it is, with a link to the source of each row; returns its number of rows."""
    from gigaledger.schema import tables

    described = tables()[table]
    link = "" if table == "source" else ", source.url as source_url"
    join = "" if table == "source" else "left join source using (source_id)"
    records = ledger.records(f"select own.*{link} from {table} as own {join} order by own.{described.primary_key[0]}")
    columns = [
        Column(
            field.name,
            f"{field.name.replace('_', ' ').capitalize()}{f' [{field.unit}]' if field.unit else ''}",
            {"number": "any", "date": "date", "integer": "count"}.get(
                field.type, "link" if field.name == "url" else "text"
            ),
            _WIDTHS.get(field.name, 34 if field.name in described.primary_key else 16),
        )
        for field in described.fields
    ]
    if link:
        columns.append(Column("source_url", "Source, opens in the browser", "link", 60))
    note = f"As in datasets/{described.path}; the sheet Dictionary says what each column means."
    rows = [[record[column.name] for column in columns] for record in records]
    add_sheet(workbook, styles, f"{table.capitalize()}s", title, note, columns, rows)
    return len(rows)


def dictionary_sheet(workbook: Workbook, styles: Styles) -> int:
    """What the columns mean; returns the number of rows."""
    from gigaledger.schema import tables

    known = glossary()
    rows: list[list[str]] = []
    for sheet, names in _described_columns().items():
        for name in names:
            meaning, unit, additivity = column_meaning(name, known)
            rows.append([sheet, name, meaning, unit, additivity.replace("_", "-")])
    for table in TABLES:
        rows += [
            [f"{table.capitalize()}s", field.name, field.description, field.unit or "", "none"]
            for field in tables()[table].fields
        ]
    columns = [
        Column("table_name", "Sheet", width=18),
        Column("column_name", "Column", width=28),
        Column("meaning", "Meaning", width=90),
        Column("unit", "Unit", width=20),
        Column("additivity", "How it may be summed", width=22),
    ]
    note = "Additive: over everything. Semi-additive: over what does not overlap, not over time. None: never."
    add_sheet(workbook, styles, "Dictionary", "Dictionary", note, columns, rows)
    return len(rows)


def _described_columns() -> dict[str, list[str]]:
    """The names in the dictionary of the columns that are no column of a dataset, by sheet."""
    amounts = [f"{account}_{statistic}" for account in ACCOUNTS for statistic in STATISTICS]
    return {
        "Reconciliation": ["programme_id", *amounts, "is_met_probability", "reason"],
        "Sites": ["site_id", "operator_name", "owner_name"],
        "Deals": ["deal_id", "face_amount", "stated_unit", "stated_measure", "it_power_mean", "total_capex_mean"],
    }
