"""The data of the page: each text once, and nothing that was not known on its day."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import polars as pl

from gigaledger.report.document import packed, page_document
from ledgers import open_whole, write_ledger

if TYPE_CHECKING:
    from pathlib import Path


def test_a_page_of_an_earlier_day_names_no_later_deal(tmp_path: Path) -> None:
    ledger = open_whole(write_ledger(tmp_path / "ledger"))
    earlier = page_document(ledger, dt.date(2026, 2, 1))
    assert set(earlier["deals"]) == {"campus", "equity"}  # announced in January; all statements became known in June
    assert earlier["meta"]["headline"] is None
    later = page_document(ledger)
    assert set(later["deals"]) == {"campus", "campus-first", "equity", "rent"}
    assert later["meta"]["headline"] == "lab-campus"
    assert json.loads(json.dumps(later, allow_nan=False)) == later


def test_packed_columns_hold_each_text_once() -> None:
    frame = pl.DataFrame({"name": ["a", "b", "a", None], "amount": [40.0, 0.5, None, 1e9]})
    columns = packed(frame)
    assert columns["name"] == {"texts": ["a", "b", None], "rows": [0, 1, 0, 2]}
    assert json.dumps(columns["amount"]) == "[40, 0.5, null, 1000000000]"
