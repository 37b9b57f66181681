"""The ledger as one DuckDB file: facts, draws, formulas and comments, readable by DuckDB 1.4 and later."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from gigaledger.ledger import open_ledger
from gigaledger.writing import replaced_file

if TYPE_CHECKING:
    from pathlib import Path


def build_file(file: Path, **opening: Any) -> dict[str, Any]:
    """Write the ledger as a DuckDB file; an existing file is replaced only when the new one is complete.

    Args:
        file: the file to write.
        opening: the options of `open_ledger`.

    Returns:
        The file, its size [byte] and the number of tables, views and macros.

    Raises:
        FileProblem: the folder is missing or cannot be written.
        DatasetProblems: every problem of every file; nothing is written.
    """
    with replaced_file(file) as unfinished:
        ledger = open_ledger(**opening, database=unfinished)
        counts = ledger.records(_COUNTS)[0]
        ledger.connection.execute("checkpoint")
        ledger.connection.close()
    return {"file": os.fspath(file), "bytes": file.stat().st_size, **counts}


_COUNTS = """
select
    (select count(*) from duckdb_tables() where not internal and database_name = current_database()) as tables,
    (select count(*) from duckdb_views() where not internal and database_name = current_database()) as views,
    (
        select count(distinct function_name) from duckdb_functions()
        where not internal and database_name = current_database()
    ) as macros
"""
