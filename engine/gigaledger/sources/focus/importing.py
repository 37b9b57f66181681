"""From a bill to rows of a ledger: what was drawn from which commitment, and a report that adds up to the cent."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import duckdb

from gigaledger.errors import DatasetProblems, FileProblem, NotFound, Problem, did_you_mean
from gigaledger.folder import Changes, locked, read_table, write_changes
from gigaledger.ledger import open_ledger
from gigaledger.paths import sql_folder
from gigaledger.schema import fact_tables, tables
from gigaledger.sources.focus.commitments import commitment_rows
from gigaledger.sources.focus.files import COST_AND_USAGE, BillFile, bill_files, in_short, scan
from gigaledger.sources.focus.rows import ledger_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from pathlib import Path

    from gigaledger.ledger import Ledger

# The column of the bill by the name under which `sql/focus/` reads it; the first that the bill has counts.
_COLUMNS = {
    "charge_period_start": ("ChargePeriodStart",),
    "provider": ("ServiceProviderName", "ProviderName"),
    "billing_currency": ("BillingCurrency",),
    "charge_category": ("ChargeCategory",),
    "commitment_discount_id": ("CommitmentDiscountId",),
    "sku_price_details": ("SkuPriceDetails",),
    "consumed_unit": ("ConsumedUnit",),
    "billed_cost": ("BilledCost",),
    "effective_cost": ("EffectiveCost",),
    "consumed_quantity": ("ConsumedQuantity",),
    "contract_applied": ("ContractApplied",),
}
CATEGORIES = ("Usage", "Purchase", "Tax", "Credit", "Adjustment")
_MEMORY_LIMIT = "2GB"
_SHOWN_PROBLEMS = 20


def import_bill(
    paths: Iterable[Path], into: Path, *, known_on: dt.date, deal: str | None = None, extend: bool = False
) -> dict[str, Any]:
    """Import a bill into the folder of a ledger; the same bill a second time changes nothing.

    Args:
        paths: files of the bill, or folders of them.
        into: the folder of the ledger; it is created.
        known_on: the day on which the bill became known.
        deal: the commitment that takes the whole bill; none: only those that the bill itself lists.
        extend: the ledger is layered over the bundled one, whose deals can be drawn down too.

    Returns:
        The report: files, rows, totals (dollars exact, as text), accelerators, commitments, consumption, set_aside and
        written.

    Raises:
        GigaledgerError: as `bill_rows`; or rows that the ledger holds already with other amounts; nothing is written.
    """
    if into.exists() and not into.is_dir():
        raise FileProblem(f"{into} is a file; expected the folder of a ledger")
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(f"the folder {into} cannot be created: {error.strerror}") from None
    with locked(into):
        rows, report = bill_rows(_ledger_of(into, extend=extend), paths, known_on=known_on, deal=deal)
        changes = Changes()
        for table, added in rows.items():
            _refuse_changed(into, table, added)
            for row in added:
                changes.put(table, "\0".join(row[column] for column in tables()[table].primary_key), row)
        report["written"] = write_changes(into, changes)
    return report


def bill_rows(
    ledger: Ledger, paths: Iterable[Path], *, known_on: dt.date, deal: str | None = None
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, Any]]:
    """The rows that a bill adds to a ledger, and the report of what was taken and set aside.

    Args:
        ledger: the ledger whose commitments are drawn down, with the table of instances.
        paths: files of the bill, or folders of them.
        known_on: the day on which the bill became known.
        deal: the commitment that takes the whole bill.

    Returns:
        Rows by the name of their table, and the report.

    Raises:
        DatasetProblems: columns that are missing, numbers that cannot be read; all at once.
        FileProblem: a file that cannot be read.
        NotFound: a deal that the ledger does not have, or no commitment at all.
    """
    connection = ledger.connection
    connection.execute(f"set memory_limit = '{_MEMORY_LIMIT}'; set preserve_insertion_order = false")
    connection.execute(f"set threads = {os.cpu_count() or 1}")
    files = bill_files(connection, paths)
    charges = [file for file in files if file.dataset == COST_AND_USAGE]
    _read_charges(connection, charges)
    _refuse_unread(connection, charges)
    commitments = commitment_rows(connection, files)
    _set_targets(ledger, deal, commitments)
    drawn = ledger.records((sql_folder() / "focus" / "consumption_row.sql").read_text(encoding="utf-8"))
    return ledger_rows(ledger, drawn, commitments, known_on), _report(ledger, files, commitments, drawn)


def _ledger_of(into: Path, *, extend: bool) -> Ledger:
    """The ledger of a folder; of one that holds no table yet, the bundled one, or only its table of instances."""
    has_tables = any((into / table.path).is_file() for table in fact_tables())
    ledger = open_ledger(into if has_tables else None, extend=extend and has_tables)
    if not has_tables and not extend:
        for table in ("statement", "claim", "consumption", "deal", "organization"):
            ledger.connection.execute(f"delete from {table}")
    ledger.install_formulas("instance_key", "unit_hours")
    return ledger


def _refuse_changed(into: Path, table: str, added: list[dict[str, Any]]) -> None:
    """Refuse rows that the ledger holds with other amounts: a corrected bill became known on a later day."""
    held = {row[tables()[table].primary_key[0]]: row for row in read_table(into, table).values()}
    changed = [
        f"{key} ({held[key]['amount']}, now {row['amount']})"
        for row in added
        if "amount" in row
        and (key := row[tables()[table].primary_key[0]]) in held
        and held[key]["amount"] != row["amount"]
    ]
    if changed:
        raise FileProblem(
            f"{into} holds {len(changed)} months of this bill with other amounts, such as {changed[0]}; "
            "give a corrected bill the later day on which it became known with --known-on"
        )


def _read_charges(connection: duckdb.DuckDBPyConnection, files: list[BillFile]) -> None:
    """Group the charges of all files in one pass, and find their chips."""
    have = {column for file in files for column in file.columns}
    columns = ", ".join(
        f"nullif(coalesce({', '.join(present)})::varchar, '') as {name}"
        if (present := [f'"{column}"' for column in choices if column in have])
        else f"null::varchar as {name}"
        for name, choices in _COLUMNS.items()
    )
    connection.execute(f"create or replace temp view focus_row as select {columns} from {scan(files)}")
    for name, query in (("focus_group", "charge_group"), ("focus_charge", "charge_chip")):
        text = (sql_folder() / "focus" / f"{query}.sql").read_text(encoding="utf-8")
        try:
            connection.execute(f"create or replace temp table {name} as {text}")
        except duckdb.Error as error:
            if problems := _unread_values(connection, files):
                raise DatasetProblems(problems) from None
            raise FileProblem(f"the bill cannot be read: {in_short(error)}") from None


def _refuse_unread(connection: duckdb.DuckDBPyConnection, files: list[BillFile]) -> None:
    """Refuse a bill with values that cannot be read, with the file and line of each."""
    unread = connection.execute(
        "select count(*) from focus_charge where unread_count > 0 "
        "or charge_category is null or charge_category not in (select unnest($1::varchar[]))",
        [list(CATEGORIES)],
    ).fetchall()[0][0]
    if unread:
        raise DatasetProblems(_unread_values(connection, files))


def _unread_values(connection: duckdb.DuckDBPyConnection, files: list[BillFile]) -> list[Problem]:
    """The first values of a bill that cannot be read, in the order of files, columns and lines."""
    listed = ", ".join(f"'{category}'" for category in CATEGORIES)
    number = "value is not null and try_cast(value as {}) is null"
    wrong = {
        "BilledCost": (number.format("decimal(38, 18)"), "expected a number"),
        "EffectiveCost": (number.format("decimal(38, 18)"), "expected a number"),
        "ConsumedQuantity": (number.format("double"), "expected a number"),
        "ChargePeriodStart": (
            "try_cast(value as timestamp) is null",
            "expected a date and time as 2026-05-01T00:00:00Z",
        ),
        "ChargeCategory": (f"value is null or value not in ({listed})", f"expected one of {', '.join(CATEGORIES)}"),
        "SkuPriceDetails": ("value is not null and not json_valid(value)", "expected JSON"),
        "ContractApplied": ("value is not null and not json_valid(value)", "expected JSON"),
    }
    problems: list[Problem] = []
    connection.execute("set threads = 1; set preserve_insertion_order = true")
    for file in files:
        for column, (is_wrong, expected) in wrong.items():
            if column not in file.columns:
                continue
            found = connection.execute(
                f"with cell as (select row_number() over () + 1 as line, nullif(\"{column}\"::varchar, '') as value "
                f"from {scan([file])}) select * from cell where {is_wrong} order by line limit {_SHOWN_PROBLEMS}"
            ).fetchall()
            for line, value in found:
                hint = did_you_mean(value, CATEGORIES) if value and column == "ChargeCategory" else ""
                problems.append(Problem(str(file.path), line, column, value or "", expected + hint))
    return problems[:_SHOWN_PROBLEMS]


def _set_targets(ledger: Ledger, deal: str | None, commitments: list[dict[str, Any]]) -> None:
    """Say which deal takes what: the whole bill for the deal named, each listed commitment for its own."""
    if deal is not None:
        known = dict(ledger.rows("select deal_id, layer from deal"))
        if deal not in known:
            raise NotFound(f"the ledger has no deal {deal!r} to draw down{did_you_mean(deal, known)}")
        if known[deal] != "cloud":
            raise NotFound(f"the deal {deal} is of layer {known[deal]}; a cloud bill draws down a deal of layer cloud")
        for one in commitments:
            one["part_of"] = deal
    elif not commitments:
        raise NotFound(
            "the bill lists no contract commitment; name the cloud commitment that it draws down with --deal DEAL"
        )
    targets = [(deal, None)] if deal is not None else []
    targets += [(one["deal_id"], one["commitment_id"]) for one in commitments]
    ledger.connection.execute(
        "create or replace temp table focus_target as "
        "select unnest($1::varchar[]) as deal_id, unnest($2::varchar[]) as commitment_id",
        [[target[0] for target in targets], [target[1] for target in targets]],
    )


def _report(
    ledger: Ledger, files: list[BillFile], commitments: list[dict[str, Any]], drawn: list[dict[str, Any]]
) -> dict[str, Any]:
    """What was taken and what was set aside; dollars exact, as text."""
    return {
        "files": [{"file": str(file.path), "dataset": file.dataset, "version": file.version} for file in files],
        "rows": int(ledger.rows("select coalesce(sum(row_count), 0) from focus_charge where kind = 'charge'")[0][0]),
        "totals": ledger.records(_TOTALS),
        "accelerators": ledger.records(_ACCELERATORS),
        "commitments": [one["commitment_id"] for one in commitments],
        "consumption": [{**row, "month": row["month"].isoformat()} for row in drawn],
        "set_aside": ledger.records(_SET_ASIDE),
    }


_TOTALS = """
select billing_currency as currency, charge_category as category, sum(row_count)::bigint as rows,
    sum(billed)::varchar as billed_cost, sum(effective)::varchar as effective_cost
from focus_charge
where kind = 'charge'
group by all
order by all
"""

_ACCELERATORS = """
select chip_id, instance_type, billing_currency as currency, sum(row_count)::bigint as rows,
    sum(chip_hours) as chip_hours, sum(effective)::varchar as effective_cost
from focus_charge
where kind = 'charge' and chip_id is not null and charge_category = 'Usage'
group by all
order by all
"""

# Every charge is in the totals; what is here is in no commitment, or counts no chips.
_SET_ASIDE = """
select 'taxes draw no commitment down' as reason, billing_currency as currency, null as what,
    sum(row_count)::bigint as rows, sum(effective)::varchar as effective_cost
from focus_charge
where kind = 'charge' and charge_category = 'Tax'
group by all
union all
select 'the ledger counts dollars alone', billing_currency, null, sum(row_count)::bigint, sum(effective)::varchar
from focus_charge
where kind = 'charge' and charge_category <> 'Tax' and billing_currency is distinct from 'USD'
group by all
union all
select 'the table of instances does not know how many chips it has; add a row to instance.csv', billing_currency,
    instance_type, sum(row_count)::bigint, sum(effective)::varchar
from focus_charge
where kind = 'charge' and is_accelerator and chip_id is null and charge_category = 'Usage'
group by all
union all
select concat('its usage is counted in ', coalesce(consumed_unit, 'no unit'), ', not in time'), billing_currency,
    instance_type, sum(row_count)::bigint, sum(effective)::varchar
from focus_charge
where kind = 'charge' and chip_id is not null and chip_hours is null and charge_category = 'Usage'
group by all
union all
select 'the bill draws from a commitment whose terms it does not list', billing_currency, commitment_id,
    sum(row_count)::bigint, sum(effective)::varchar
from focus_charge
where commitment_id is not null
    and commitment_id not in (select commitment_id from focus_target where commitment_id is not null)
    and (kind = 'applied' or charge_category = 'Usage')
group by all
order by all
"""
