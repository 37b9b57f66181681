"""The ledger as one DuckDB file: facts, draws, formulas and comments, readable by DuckDB 1.4 and later."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from gigaledger.errors import FileProblem
from gigaledger.ledger import open_ledger


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
    try:
        target = file.resolve()
        folder = target.parent
        if not folder.is_dir():
            what = "is a file" if folder.exists() else "does not exist; create it first"
            raise FileProblem(f"{file} cannot be written: the folder {folder} {what}")
        if target.is_dir():
            raise FileProblem(f"{file} is a folder; expected the name of a file")
        with tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=folder) as scratch:
            unfinished = Path(scratch) / "ledger.duckdb"
            ledger = open_ledger(**opening, database=unfinished)
            counts = ledger.records(_COUNTS)[0]
            ledger.connection.execute("checkpoint")
            ledger.connection.close()
            unfinished.replace(target)
    except OSError as error:
        raise FileProblem(f"{file} cannot be written: {error.strerror or error}") from None
    except duckdb.IOException as error:  # such as a disk that is full
        raise FileProblem(f"{file} cannot be written: {error}") from None
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
