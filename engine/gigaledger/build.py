"""The ledger as one DuckDB file: facts, draws, formulas and comments, readable by DuckDB 1.4 and later."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from gigaledger.comments import comment_everything, quoted
from gigaledger.ledger import open_ledger
from gigaledger.summaries import keep_summaries
from gigaledger.writing import DUCKDB_FILE, replaced_file

if TYPE_CHECKING:
    from pathlib import Path

    from gigaledger.ledger import Ledger


# DuckDB 1.4 and the shell on PyPI read it.
STORAGE_VERSION = "v1.2.0"


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
    with replaced_file(file, DUCKDB_FILE) as unfinished:
        ledger = open_ledger(**opening)
        keep_summaries(ledger)
        _compute_bundles_as_asked(ledger)
        comment_everything(ledger.connection)
        counts = ledger.records(_COUNTS)[0]
        # A copy of what is there at the end holds no room that was needed on the way.
        ledger.connection.execute(
            f"attach {quoted(os.fspath(unfinished))} as built (storage_version '{STORAGE_VERSION}')"
        )
        ledger.connection.execute("copy from database memory to built")
        ledger.connection.execute("detach built")
        ledger.connection.close()
    return {"file": os.fspath(file), "bytes": file.stat().st_size, **counts}


def _compute_bundles_as_asked(ledger: Ledger) -> None:
    """Put the formula of the bundles in the place of the kept ones, which would be most of the file."""
    comment = ledger.rows("select comment from duckdb_tables() where table_name = 'bundle_draw'")[0][0]
    ledger.connection.execute("drop table bundle_draw")
    ledger.connection.execute("create view bundle_draw as select * from rated_bundle_draw")
    ledger.connection.execute(f"comment on view bundle_draw is {quoted(comment)}")


_COUNTS = """
select
    (select count(*) from duckdb_tables() where not internal and database_name = current_database()) as tables,
    (select count(*) from duckdb_views() where not internal and database_name = current_database()) as views,
    (
        select count(distinct function_name) from duckdb_functions()
        where not internal and database_name = current_database()
    ) as macros
"""
