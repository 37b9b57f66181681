"""What SQL given to the command line can reach: the ledger, and nothing else unless it is allowed."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from commands import command

from gigaledger.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

KEPT = "known only to this file"
REACHES = [
    "select * from read_text('{file}')",
    "select * from read_csv('{file}')",
    "from '{file}'",
    "select * from glob('{folder}/*')",
    "select content from read_blob('{file}')",
    "explain analyze select * from read_csv('{file}')",
    "select * from (from read_csv('{file}')) where (select count(*) from deal) > 0",
]
WRITES = [
    "copy deal to '{file}'",
    "attach '{file}' as other",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "pragma database_list; copy deal to '{file}'",
    "create table x as select 1",
    "delete from deal",
    "call pragma_version(); drop table deal",
]


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret.csv"
    file.write_text(f"word\n{KEPT}\n", encoding="utf-8")
    return file


@pytest.fixture
def small(tmp_path: Path) -> Path:
    from ledgers import write_ledger

    return write_ledger(tmp_path / "ledger")


@pytest.mark.parametrize("query", [*REACHES, *WRITES])
def test_no_query_reaches_a_file_or_writes(query: str, secret: Path, small: Path) -> None:
    asked = query.format(file=secret, folder=secret.parent)
    result = CliRunner().invoke(cli, ["sql", asked, "--datasets", str(small)])
    assert result.exit_code != 0
    assert KEPT not in result.output
    assert secret.read_text(encoding="utf-8") == f"word\n{KEPT}\n"


def test_allowed_query_reads_files_beside_the_ledger(secret: Path, small: Path) -> None:
    asked = f"select word, (select count(*) from deal) as deals from read_csv('{secret}')"
    result = CliRunner().invoke(cli, ["sql", asked, "--allow-files", "--datasets", str(small)])
    assert result.exit_code == 0, result.output
    assert KEPT in result.output


def test_allowed_query_still_writes_nothing(secret: Path, small: Path) -> None:
    result = CliRunner().invoke(cli, ["sql", f"copy deal to '{secret}'", "--allow-files", "--datasets", str(small)])
    assert result.exit_code != 0
    assert KEPT in secret.read_text(encoding="utf-8")


def test_variables_of_the_program_are_no_tables(small: Path) -> None:
    result = CliRunner().invoke(cli, ["sql", "select * from ledger", "--datasets", str(small)])
    assert result.exit_code != 0


@pytest.mark.needs("duckdb")
@pytest.mark.parametrize("allow", [False, True])
def test_shell_reaches_files_only_when_allowed(secret: Path, small: Path, allow: bool) -> None:  # noqa: FBT001
    done = subprocess.run(
        [*command(), "sql", "--datasets", str(small), *(["--allow-files"] if allow else [])],
        input=f"set enable_external_access = true;\nselect count(*) as deals from deal;\nfrom read_csv('{secret}');\n",
        capture_output=True,
        check=False,
        text=True,
    )
    assert "deals" in done.stdout
    assert (KEPT in done.stdout) is allow
