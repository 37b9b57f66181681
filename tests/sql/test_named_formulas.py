"""A query gets the formulas that it names and no others; the answer is that of the whole set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gigaledger.ledger import open_ledger
from gigaledger.query import query_rows
from ledgers import open_whole, write_ledger

if TYPE_CHECKING:
    from pathlib import Path

    from gigaledger.ledger import Ledger

QUERIES = [
    "from reconciliation order by all",
    "select * from site_capacity order by all",
    "select * from tension order by all",
    "from convert(5, 'it_power', 'chips', 'b200', 2026)",
    "select count(*), sum(amount_per_chip) from RATE_DRAW where chip_id = 'gb300'",
    "from query('from reconcil' || 'iation order by all')",
    "select view_name from duckdb_views() where not internal order by all",
    "show tables",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_ledger(tmp_path_factory.mktemp("ledger"))


@pytest.fixture(scope="module")
def whole(folder: Path) -> Ledger:
    return open_whole(folder)


@pytest.mark.parametrize("query", QUERIES)
def test_answer_is_that_of_all_formulas(folder: Path, whole: Ledger, query: str) -> None:
    _, rows = query_rows(open_ledger(folder), query)
    assert rows
    assert rows == whole.connection.execute(query).fetchall()
