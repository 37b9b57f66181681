"""A user's SQL on a ledger: one reading statement, or a DuckDB shell on a copy of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from gigaledger.errors import BadQuery, NotFound
from gigaledger.ledger import Ledger

_READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}


def query_rows(ledger: Ledger, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The column names and rows of one reading statement; files and the network are out of reach.

    Raises:
        BadQuery: it is no single reading statement, or DuckDB refuses it.
    """
    try:
        statements = duckdb.extract_statements(query)
    except duckdb.Error as error:
        raise BadQuery(str(error)) from None
    if len(statements) != 1 or statements[0].type not in _READING:
        message = "expected one statement that reads, such as select ... from reconciliation; the ledger is not changed here"
        raise BadQuery(message)
    ledger.connection.execute("set enable_external_access = false")
    try:
        cursor = ledger.connection.execute(query)
        return [column[0] for column in cursor.description], cursor.fetchall()
    except duckdb.Error as error:
        raise BadQuery(str(error)) from None


def open_shell(**opening: Any) -> int:
    """Open the DuckDB shell on a read-only copy of the ledger; returns its exit status.

    Raises:
        NotFound: no DuckDB shell is installed.
    """
    from gigaledger.build import build_file

    shell = shutil.which("duckdb", path=str(Path(sys.executable).parent)) or shutil.which("duckdb")
    if shell is None:
        message = "no DuckDB shell found; install it with: pip install duckdb-cli"
        raise NotFound(message)
    with tempfile.TemporaryDirectory(prefix="gigaledger-") as folder:
        file = Path(folder) / "ledger.duckdb"
        build_file(file, **opening)
        return subprocess.run([shell, "-readonly", str(file)], check=False).returncode  # noqa: S603 - the shell just found
