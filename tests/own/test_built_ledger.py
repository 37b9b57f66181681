"""A ledger that was built before is a ledger to read, also one of an older version with fewer columns and tables."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import duckdb
import pytest

from gigaledger.build import build_file
from gigaledger.errors import FileProblem
from gigaledger.ledger import open_ledger
from gigaledger.reconciliation import reconcile
from gigaledger.writing import DUCKDB_FILE, WEB_PAGE, Kind, replaced_file
from ledgers import write_ledger

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder, and the file built from it."""
    root = tmp_path_factory.mktemp("built")
    folder, file = write_ledger(root / "ledger"), root / "ledger.duckdb"
    build_file(file, datasets=folder)
    return folder, file


@pytest.fixture(scope="module")
def expected(built: tuple[Path, Path]) -> object:
    """What the folder answers."""
    return answer(built[0])


def answer(source: Path) -> object:
    document = reconcile(open_ledger(source))
    return {name: document[name] for name in ("as_of", "programmes", "commitments")}


def test_built_ledger_answers_as_its_folder(built: tuple[Path, Path], expected: object) -> None:
    assert answer(built[1]) == expected


def test_ledger_of_an_older_version_is_read(built: tuple[Path, Path], expected: object, tmp_path: Path) -> None:
    _, file = built
    older = tmp_path / "older.duckdb"
    with duckdb.connect(str(older)) as connection:
        connection.execute(f"attach '{file}' as new (read_only)")
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'new'"
        ).fetchall():
            if name not in {"consumption", "instance"}:  # tables that came later
                connection.execute(f"create table {name} as from new.{name}")
        connection.execute("alter table deal drop column note")  # a column that came later
    assert answer(older) == expected


def test_file_that_is_no_ledger_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.duckdb").write_text("no database", encoding="utf-8")
    with pytest.raises(FileProblem, match="cannot be read as a ledger"):
        open_ledger(tmp_path / "text.duckdb")
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    with pytest.raises(FileProblem, match="holds no dataset"):
        open_ledger(tmp_path / "empty.duckdb")


def test_dataset_is_never_replaced_by_a_ledger_file(tmp_path: Path) -> None:
    folder = write_ledger(tmp_path / "mine")
    deals = (folder / "deal.csv").read_bytes()
    with pytest.raises(FileProblem, match="is there and is no DuckDB file, so it is not replaced"):
        build_file(folder / "deal.csv", datasets=folder)
    assert (folder / "deal.csv").read_bytes() == deals


@pytest.mark.parametrize(
    ("held", "kind", "is_replaced"),
    [
        (b"deal_id,title\n", WEB_PAGE, False),
        (b"<!DOCTYPE html><html>", WEB_PAGE, True),
        (b"<!DOCTYPE html><html>", DUCKDB_FILE, False),
        (bytes(8) + b"DUCK" + bytes(90), DUCKDB_FILE, True),
        (b"", DUCKDB_FILE, True),
    ],
)
def test_existing_file_is_replaced_by_its_own_kind_only(
    tmp_path: Path, held: bytes, kind: Kind, *, is_replaced: bool
) -> None:
    file = tmp_path / "file"
    file.write_bytes(held)
    with contextlib.suppress(FileProblem), replaced_file(file, kind) as unfinished:
        unfinished.write_bytes(b"new")
    assert file.read_bytes() == (b"new" if is_replaced else held)
