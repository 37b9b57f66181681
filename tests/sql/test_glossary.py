"""Every column of every view has a meaning, or a build would fail."""

from __future__ import annotations

from gigaledger.comments import column_meaning, glossary
from gigaledger.schema import tables
from ledgers import bundled_ledger


def test_glossary_knows_every_column_of_every_view() -> None:
    known = glossary()
    columns = bundled_ledger().rows(
        "select table_name, column_name from duckdb_columns() "
        "where not internal and database_name = current_database() order by all"
    )
    silent = []
    for table, column in columns:
        if table in tables():
            continue
        try:
            column_meaning(column, known)
        except KeyError:
            silent.append(f"{table}.{column}")
    assert len(columns) > 300
    assert silent == [], "add these to sql/glossary.csv"
