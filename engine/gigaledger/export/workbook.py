"""The ledger as a workbook: sheets with units, links to the sources, live formulas and native charts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import xlsxwriter

from gigaledger.bulk_day import SUMMARIES, keep_day
from gigaledger.comments import column_meaning, glossary
from gigaledger.export.sheets import HEADING_ROW, Column, Styles, add_sheet, write_text
from gigaledger.reconciliation import ACCOUNTS, SHOWN_MEASURES
from gigaledger.results import STATISTICS

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter.workbook import Workbook

    from gigaledger.ledger import Ledger

FILE = "ledger.xlsx"
_LABELS = {
    "pledged": "Pledged",
    "operational": "Operational",
    "under_construction": "Under construction",
    "planned": "Planned",
    "unidentified": "Unidentified",
}
_MEASURE_SHEETS = {"it_power": "IT power", "chips": "Chips", "compute": "H100e", "total_capex": "Total capex"}
_KINDS = {"MW": "amount", "chip": "count", "H100e": "count", "USD": "dollars"}
_STATISTIC_LABELS = {"mean": "mean", "p05": "5 %", "p50": "median", "p95": "95 %"}
# Columns of a reconciliation sheet, by number: the means stand first, so that a reader sees the identity at once.
_FIRST_MEAN = 2
_SUM, _CHECK, _SHARE = 7, 8, 9
_FIRST_INTERVAL = 10
_FIRST_ERROR = _FIRST_INTERVAL + 3 * len(ACCOUNTS) + 2
_CHARTED = ("pledged", "operational", "under_construction")
_COLOURS = {"pledged": "#9AA5B1", "operational": "#1F7A4D", "under_construction": "#E0A100"}


def write_workbook(ledger: Ledger, folder: Path) -> dict[str, int]:
    """Write `ledger.xlsx` into a folder; returns its name with the number of rows on its sheets."""
    ledger.install_formulas(*SUMMARIES, "site_capacity_as_of", "deal_capacity_as_of")
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(str(folder / FILE), options)
    # Never the clock: the same ledger gives the same bytes.
    created = dt.datetime.combine(ledger.as_of, dt.time(), dt.UTC).replace(tzinfo=None)
    workbook.set_properties({"title": f"Gigaledger, as known on {ledger.as_of}", "created": created})
    workbook.set_calc_mode("auto")
    styles = Styles(workbook)
    charts = workbook.add_worksheet("Charts")
    with ledger.keeping() as keep:
        keep_day(ledger, keep, ledger.as_of)
        units = {measure: _unit(ledger, measure) for measure in SHOWN_MEASURES}
        counts = {
            measure: _reconciliation_sheet(ledger, workbook, styles, measure, units[measure])
            for measure in SHOWN_MEASURES
        }
        rows = sum(counts.values()) + _sites_sheet(ledger, workbook, styles) + _deals_sheet(ledger, workbook, styles)
    for table, title in _TABLES.items():
        rows += _table_sheet(ledger, workbook, styles, table, title)
    rows += _dictionary_sheet(workbook, styles)
    _charts_sheet(ledger, workbook, charts, styles, counts)
    try:
        workbook.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        # XlsxWriter wraps what the operating system says.
        raise error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error)) from None
    return {FILE: rows}


def _unit(ledger: Ledger, measure: str) -> str:
    """The unit of a measure."""
    unit: str = ledger.rows("select unit from measure where measure = $1", [measure])[0][0]
    return unit


def _reconciliation_sheet(ledger: Ledger, workbook: Workbook, styles: Styles, measure: str, unit: str) -> int:
    """The reconciliation in one measure, with the identity as live formulas; returns the number of programmes."""
    kind = _KINDS[unit]
    records = ledger.records(
        "from reconciliation_as_of($1::date, measures := [$2]) order by programme_id", [ledger.as_of, measure]
    )
    columns = [Column("programme_id", "Programme id", width=30), Column("name", "Programme", width=48)]
    columns += [_amount_column(account, "mean", unit, kind) for account in ACCOUNTS]
    columns += [
        Column("", f"Sum of parts [{unit}]", kind),
        Column("", "Check: sum of parts = pledged", width=14),
        Column("", "Operational / pledged [share]", "share", 14),
    ]
    columns += [_amount_column(account, statistic, unit, kind) for account in ACCOUNTS for statistic in STATISTICS[1:]]
    columns += [Column("is_met_probability", "Chance that sites cover the pledge [share]", "share")]
    columns += [Column("reason", "Reason of the remainder", width=20)]
    columns += [
        Column("", f"{_LABELS[account]}: {side} of the error bar [{unit}]", kind)
        for account in _CHARTED
        for side in ("lower part", "upper part")
    ]
    rows = [
        [
            record["programme_id"],
            record["name"],
            *(record[f"{account}_mean"] for account in ACCOUNTS),
            *(None,) * 3,
            *(record[f"{account}_{statistic}"] for account in ACCOUNTS for statistic in STATISTICS[1:]),
            record["is_met_probability"],
            record["reason"],
            *(None,) * (2 * len(_CHARTED)),
        ]
        for record in records
    ]
    name = _MEASURE_SHEETS[measure]
    sheet = add_sheet(
        workbook,
        styles,
        name,
        f"{name} [{unit}]: pledged = operational + under construction + planned + unidentified",
        f"As known on {ledger.as_of}. Means add, percentiles do not; programmes overlap: a sum of them counts twice.",
        columns,
        rows,
    )
    last = HEADING_ROW + len(rows)
    for number, record in enumerate(records, start=HEADING_ROW + 1):
        _write_identity(sheet, styles, number, record, kind)
    sheet.print_area(0, 0, last, _SHARE)
    whole = f"{_cell(HEADING_ROW + 1, _CHECK)}:{_cell(last, _CHECK)}"
    write_text(sheet, 2, 1, "Every sum is the pledge:", styles.note)
    sheet.write_formula(2, _FIRST_MEAN, f'=IF(COUNTIF({whole},"ok")=ROWS({whole}),"ok","differs")', styles.text, "ok")
    for area in ((2, _FIRST_MEAN, 2, _FIRST_MEAN), (HEADING_ROW + 1, _CHECK, last, _CHECK)):
        for text, style in (("ok", styles.good), ("differs", styles.bad)):
            rule = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": style}
            sheet.conditional_format(*area, rule)
    return len(rows)


def _write_identity(sheet: Any, styles: Styles, row: int, record: dict[str, Any], kind: str) -> None:
    """The live formulas of one programme, each with its value, for readers that do not calculate."""
    pledged = _cell(row, _FIRST_MEAN)
    parts = [record[f"{account}_mean"] for account in ACCOUNTS[1:]]
    if record["pledged_mean"] is None or None in parts:
        return
    total = sum(parts)
    first, end = _cell(row, _FIRST_MEAN + 1), _cell(row, _FIRST_MEAN + len(ACCOUNTS) - 1)
    sheet.write_formula(row, _SUM, f"=SUM({first}:{end})", styles.of(kind), total)
    difference = f"ABS({_cell(row, _SUM)}-{pledged})"
    sheet.write_formula(row, _CHECK, f'=IF({difference}<=1E-9*MAX(1,ABS({pledged})),"ok","differs")', styles.text, "ok")
    share = record["operational_mean"] / record["pledged_mean"] if record["pledged_mean"] else ""
    sheet.write_formula(row, _SHARE, f'=IF({pledged}=0,"",{first}/{pledged})', styles.of("share"), share)
    for place, account in enumerate(_CHARTED):
        at = ACCOUNTS.index(account)
        mean, low, high = (
            _cell(row, _FIRST_MEAN + at),
            _cell(row, _FIRST_INTERVAL + 3 * at),
            _cell(row, _FIRST_INTERVAL + 3 * at + 2),
        )
        value = record[f"{account}_mean"]
        below, above = value - record[f"{account}_p05"], record[f"{account}_p95"] - value
        column = _FIRST_ERROR + 2 * place
        # A mean may lie outside the percentiles; an error bar cannot be negative.
        sheet.write_formula(row, column, f"=MAX(0,{mean}-{low})", styles.of(kind), max(0, below))
        sheet.write_formula(row, column + 1, f"=MAX(0,{high}-{mean})", styles.of(kind), max(0, above))


def _cell(row: int, column: int) -> str:
    """The name of a cell, such as C5."""
    name: str = xlsxwriter.utility.xl_rowcol_to_cell(row, column)
    return name


def _amount_column(account: str, statistic: str, unit: str, kind: str) -> Column:
    """A column of one statistic of one account."""
    return Column(f"{account}_{statistic}", f"{_LABELS[account]}, {_STATISTIC_LABELS[statistic]} [{unit}]", kind)


def _charts_sheet(ledger: Ledger, workbook: Workbook, sheet: Any, styles: Styles, counts: dict[str, int]) -> None:
    """Pledged against built, programme by programme, with error bars from the 5th to the 95th percentile."""
    write_text(sheet, 0, 0, f"Pledged against built, as known on {ledger.as_of}", styles.title)
    text = "Bars are means, error bars reach from the 5th to the 95th percentile; the numbers are on the next sheets."
    write_text(sheet, 1, 0, text, styles.note)
    for place, measure in enumerate(("it_power", "total_capex")):
        name, count = _MEASURE_SHEETS[measure], counts[measure]
        if not count:
            continue
        first, last = HEADING_ROW + 1, HEADING_ROW + count
        chart = workbook.add_chart({"type": "bar"})
        for at, account in enumerate(_CHARTED):
            errors = [
                f"='{name}'!{xlsxwriter.utility.xl_range_abs(first, column, last, column)}"
                for column in (_FIRST_ERROR + 2 * at, _FIRST_ERROR + 2 * at + 1)
            ]
            column = _FIRST_MEAN + ACCOUNTS.index(account)
            chart.add_series(
                {
                    "name": _LABELS[account],
                    "categories": [name, first, 0, last, 0],
                    "values": [name, first, column, last, column],
                    "fill": {"color": _COLOURS[account]},
                    "gap": 60,
                    "y_error_bars": {
                        "type": "custom",
                        "minus_values": errors[0],
                        "plus_values": errors[1],
                        "line": {"color": "#333333", "width": 0.75},
                    },
                }
            )
        unit = {"it_power": "MW", "total_capex": "USD"}[measure]
        chart.set_title({"name": name, "name_font": {"size": 13}})
        chart.set_x_axis(
            {
                "name": unit.replace("USD", "B USD"),
                "num_format": "#,##0" if unit == "MW" else "#,##0,,,",
                "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9", "width": 0.5}},
            }
        )
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        chart.set_legend({"position": "top"})
        chart.set_size({"width": 860, "height": 160 + 34 * count})
        sheet.insert_chart(3, 14 * place, chart, {"description": f"Pledged against built, {name}"})
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)


def _sites_sheet(ledger: Ledger, workbook: Workbook, styles: Styles) -> int:
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
            _amount_column(stage, statistic, "MW", "amount")
            for stage in ACCOUNTS[1:4]
            for statistic in ("mean", "p05", "p95")
        ),
        Column("note", "Note", width=80),
    ]
    title = "Sites: IT power by stage [MW]"
    note = f"As known on {ledger.as_of}; each stage beyond the ones before. Empty: no figure of capacity is known."
    add_sheet(workbook, styles, "Sites", title, note, columns, [[row[one.name] for one in columns] for row in records])
    return len(records)


def _deals_sheet(ledger: Ledger, workbook: Workbook, styles: Styles) -> int:
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

_TABLES = {
    "statement": "Statements: what sources state of deals",
    "milestone": "Milestones: what sources state of sites",
    "assumption": "Assumptions: low, best and high are the 5th, 50th and 95th percentile",
    "source": "Sources",
}
_WIDTHS = {"note": 80, "locator": 60, "title": 80, "url": 70, "publisher": 26, "unit": 12}


def _table_sheet(ledger: Ledger, workbook: Workbook, styles: Styles, table: str, title: str) -> int:
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


def _dictionary_sheet(workbook: Workbook, styles: Styles) -> int:
    """What the columns mean; returns the number of rows."""
    from gigaledger.schema import tables

    known = glossary()
    rows: list[list[str]] = []
    for sheet, names in _described_columns().items():
        for name in names:
            meaning, unit, additivity = column_meaning(name, known)
            rows.append([sheet, name, meaning, unit, additivity.replace("_", "-")])
    for table in _TABLES:
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
