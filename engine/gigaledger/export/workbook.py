"""The ledger as a workbook: sheets with units, links to the sources, live formulas and native charts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import xlsxwriter

from gigaledger.bulk_day import SUMMARIES, keep_day
from gigaledger.export.sheets import HEADING_ROW, LABELS, Column, Styles, add_sheet, amount_column, write_text
from gigaledger.export.workbook_tables import TABLES, deals_sheet, dictionary_sheet, sites_sheet, table_sheet
from gigaledger.reconciliation import ACCOUNTS, SHOWN_MEASURES
from gigaledger.results import STATISTICS

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter.workbook import Workbook

    from gigaledger.ledger import Ledger

FILE = "ledger.xlsx"
_MEASURE_SHEETS = {"it_power": "IT power", "chips": "Chips", "compute": "H100e", "total_capex": "Total capex"}
_KINDS = {"MW": "amount", "chip": "count", "H100e": "count", "USD": "dollars"}
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
        rows = sum(counts.values()) + sites_sheet(ledger, workbook, styles) + deals_sheet(ledger, workbook, styles)
    for table, title in TABLES.items():
        rows += table_sheet(ledger, workbook, styles, table, title)
    rows += dictionary_sheet(workbook, styles)
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
    columns += [amount_column(account, "mean", unit, kind) for account in ACCOUNTS]
    columns += [
        Column("", f"Sum of parts [{unit}]", kind),
        Column("", "Check: sum of parts = pledged", width=14),
        Column("", "Operational / pledged [share]", "share", 14),
    ]
    columns += [amount_column(account, statistic, unit, kind) for account in ACCOUNTS for statistic in STATISTICS[1:]]
    columns += [Column("is_met_probability", "Chance that sites cover the pledge [share]", "share")]
    columns += [Column("reason", "Reason of the remainder", width=20)]
    columns += [
        Column("", f"{LABELS[account]}: {side} of the error bar [{unit}]", kind)
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
                    "name": LABELS[account],
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
