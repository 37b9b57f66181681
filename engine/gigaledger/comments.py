"""Comments and the dictionary: what every table, view and column of a ledger means, with its unit and additivity."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from gigaledger.paths import datasets_folder, sql_folder
from gigaledger.schema import tables

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

_STATISTICS = {"mean": "mean of", "p05": "5th percentile of", "p50": "median of", "p95": "95th percentile of"}


def glossary() -> dict[str, tuple[str, str, str]]:
    """Meaning, unit and additivity of every column name that views use.

    Columns named for a column of the datasets, a measure or a parameter mean what the datasets say;
    `sql/glossary.csv` holds the others.
    """
    known: dict[str, tuple[str, str, str]] = {}
    for table in tables().values():
        for field in table.fields:
            known.setdefault(field.name, (field.description, field.unit or "", "none"))
    for row in _csv_rows(datasets_folder() / "vocabulary" / "parameter.csv"):
        known[row["parameter"]] = (row["meaning"], row["unit"], "none")
    for row in _csv_rows(datasets_folder() / "vocabulary" / "measure.csv"):
        known[row["measure"]] = (row["meaning"], row["unit"], row["additivity"])
    for row in _csv_rows(sql_folder() / "glossary.csv"):
        known[row["column"]] = (row["meaning"], row["unit"], row["additivity"])
    return known


def _csv_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file of the project."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def comment_everything(connection: duckdb.DuckDBPyConnection) -> None:
    """Put a comment on every table and column and fill the table `dictionary`, one row per object and column."""
    known = glossary()
    connection.execute(
        "comment on table refresh is 'Statements that compute the kept tables anew; one row per statement'"
    )
    connection.execute("comment on table run is 'Seed and number of the draws; one row'")
    connection.execute(
        "comment on table stratum is "
        "'Probabilities and deviates that every stream takes in an order of its own; one row per draw'"
    )
    rows: list[tuple[str, str, str, str, str]] = []
    for table in tables().values():
        connection.execute(f"comment on table {table.name} is {quoted(table.title)}")
        for field in table.fields:
            connection.execute(f"comment on column {table.name}.{field.name} is {quoted(field.comment)}")
            additivity = "semi_additive" if field.name.startswith("amount_") else "none"
            rows.append((table.name, field.name, field.description, field.unit or "", additivity))
    described = tables()
    columns = connection.execute(
        "select table_name, column_name from duckdb_columns() "
        "where not internal and database_name = current_database() order by table_name, column_index"
    ).fetchall()
    for table_name, column in columns:
        if table_name in described:
            continue
        meaning, unit, additivity = column_meaning(column, known)
        connection.execute(f"comment on column {table_name}.{column} is {quoted(_with_unit(meaning, unit))}")
        rows.append((table_name, column, meaning, unit, additivity))
    connection.execute(
        "create or replace table dictionary "
        "(object varchar, column_name varchar, meaning varchar, unit varchar, additivity varchar)"
    )
    names = ("object", "column_name", "meaning", "unit", "additivity")
    unnested = ", ".join(f"unnest(${place + 1}::varchar[])" for place in range(len(names)))
    connection.execute(
        f"insert into dictionary select {unnested}", [list(column) for column in zip(*rows, strict=True)]
    )
    connection.execute(
        "comment on table dictionary is 'What every column of the ledger means; one row per object and column'"
    )
    for name in names:
        meaning, unit, _ = column_meaning(name, known)
        connection.execute(f"comment on column dictionary.{name} is {quoted(_with_unit(meaning, unit))}")


def column_meaning(column: str, known: dict[str, tuple[str, str, str]]) -> tuple[str, str, str]:
    """Meaning, unit and additivity of a column by its name; an interval column by the name before its statistic.

    Raises:
        KeyError: the glossary lacks the name; a test finds it before a user does.
    """
    if column in known:
        return known[column]
    quantity, _, statistic = column.rpartition("_")
    meaning, unit, additivity = known[quantity]
    return f"{_STATISTICS[statistic]} {meaning}", unit, additivity if statistic == "mean" else "none"


def _with_unit(meaning: str, unit: str) -> str:
    """A meaning with its unit in square brackets."""
    return f"{meaning} [{unit or 'text'}]"


def quoted(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
