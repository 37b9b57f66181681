"""A user's SQL on a ledger: one reading statement, or a DuckDB shell on a copy of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from gigaledger.errors import BadQuery, NotFound

if TYPE_CHECKING:
    from gigaledger.ledger import Ledger

_EXPLAIN = re.compile(r"\s*explain\b(\s+analyze\b)?(\s*\([^)]*\))?", re.IGNORECASE)


# What a query may not reach; once locked, no statement can open it again.
_CLOSED = ("set enable_external_access = false", "set lock_configuration = true")


def query_rows(ledger: Ledger, query: str, *, allow_files: bool = False) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The column names and rows of one reading statement; files and the network are out of reach unless allowed.

    Raises:
        BadQuery: it is no single reading statement, or DuckDB refuses it.
    """
    check_query(query)
    try:
        ledger.install_for(query)
        ledger.connection.execute("set python_enable_replacements = false")  # variables of this program are no tables
        for setting in () if allow_files else _CLOSED:
            ledger.connection.execute(setting)
        try:
            cursor = ledger.connection.execute(query)
        except duckdb.CatalogException:
            ledger.install("everything")  # a name put together by the query itself, or one close to a misspelt one
            cursor = ledger.connection.execute(query)
        return [column[0] for column in cursor.description], cursor.fetchall()
    except duckdb.Error as error:
        raise BadQuery(_in_short(str(error))) from None
    except (OverflowError, ValueError) as error:
        raise BadQuery(f"the result holds a value that Python cannot take ({error}); cast it to varchar") from None


def check_query(query: str) -> None:
    """Refuse what is no single reading statement, before a ledger is opened for it.

    Raises:
        BadQuery: DuckDB cannot parse it, it is several statements, or it writes.
    """
    try:
        # `explain analyze` runs its statement, so that must read too.
        statements = duckdb.extract_statements(_EXPLAIN.sub("", query, count=1))
    except duckdb.Error as error:
        raise BadQuery(_in_short(str(error))) from None
    if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
        raise BadQuery(
            "expected one statement that reads, such as select ... from reconciliation; the ledger is not changed here"
        )


def _in_short(message: str) -> str:
    """What DuckDB says, without the calls of Python that it may quote."""
    if "pytz" in message:
        return "a time with a time zone cannot be shown; cast it, as in now()::timestamp"
    return message


def open_shell(*, allow_files: bool = False, **opening: Any) -> int:
    """Open Harlequin, or else the DuckDB shell, on a read-only copy of the ledger; returns its exit status.

    Files and the network are out of its reach unless allowed.

    Raises:
        NotFound: no DuckDB shell is installed.
    """
    from gigaledger.build import build_file

    program = _shell_command()
    with tempfile.TemporaryDirectory(prefix="gigaledger-") as folder:
        file, start = Path(folder) / "ledger.duckdb", Path(folder) / "start.sql"
        build_file(file, **opening)
        if not allow_files:
            start.write_text(";\n".join((*_CLOSED, "")), encoding="utf-8")
            is_harlequin = Path(program[0]).stem == "harlequin"
            program += ["--init-path", str(start)] if is_harlequin else ["-cmd", f".read {start}"]
        return subprocess.run([*program, str(file)], check=False).returncode  # noqa: S603 - the shell just found


def _shell_command() -> list[str]:
    """The program to ask a DuckDB file in: Harlequin needs a terminal, queries from a pipe go to the DuckDB shell."""
    beside = str(Path(sys.executable).parent)
    for name, option in (("harlequin", "--read-only"), ("duckdb", "-readonly")):
        found = shutil.which(name, path=beside) or shutil.which(name)
        if found and (name == "duckdb" or (sys.stdin.isatty() and sys.stdout.isatty())):
            return [found, option]
    raise NotFound("no DuckDB shell found; install it with: pip install duckdb-cli")
