"""The benchmark over few rows: every contestant gives one answer, and a wrong one fails the run."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Contestants without an answer by site, and one that draws anew.
WITHOUT_ANSWER = {"plain_sum"}
DRAWN_ANEW = {"squigglepy"}


def bench(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "benchmarks/bench.py"), "--smoke", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def smoke(scratch: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("smoke")
    done = bench("--scratch", str(scratch), "--results", str(folder / "results.csv"))
    assert done.returncode == 0, done.stderr
    return folder


def results(folder: Path) -> list[dict[str, str]]:
    with (folder / "results.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_every_contestant_gives_the_same_answer(smoke: Path) -> None:
    answered = [row for row in results(smoke) if row["family"] not in WITHOUT_ANSWER | DRAWN_ANEW]
    expected = {"chdb", "datafusion", "duckdb", "numpy", "pandas", "pint_pandas", "polars"}
    assert {row["family"] for row in answered} == expected
    for question in {row["question"] for row in answered}:
        rows = [row for row in answered if row["question"] == question]
        assert len({row["checksum"] for row in rows}) == 1, rows
        compared = [row for row in rows if row["largest_difference"]]
        assert len(compared) == len(rows) - 1
        assert all(float(row["largest_difference"]) <= 1e-9 for row in compared)


@pytest.mark.slow
def test_results_say_what_ran_where(smoke: Path) -> None:
    for row in results(smoke):
        assert row["versions"], row
        assert float(row["warm_seconds"]) > 0
        assert int(row["peak_memory_bytes"]) > 1e6
        assert int(row["scanned_bytes"]) > 0
        assert int(row["core_count"]) >= 1


@pytest.mark.slow
def test_page_holds_every_contestant(smoke: Path) -> None:
    page = (smoke / "README.md").read_text(encoding="utf-8")
    table = [line for line in page.splitlines() if line.startswith("| ")]
    for row in results(smoke):
        if row["checksum"]:
            assert any(row["checksum"] in line and row["versions"] in line for line in table), row
    for chart in ("speed", "scaling", "memory"):
        assert f"({chart}.svg)" in page
        assert (smoke / f"{chart}.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.slow
def test_wrong_contestant_fails_the_run_and_later_runs_append(smoke: Path, scratch: Path) -> None:
    before = results(smoke)
    files = ("--scratch", str(scratch), "--results", str(smoke / "results.csv"))
    wrong = bench(*files, "--only", "squiggled", "--planted")
    assert wrong.returncode == 1, wrong.stderr
    assert "planted wrong is wrong: totals differ by up to 1e-06 relative, more than 1e-09" in wrong.stderr
    assert results(smoke) == before
    again = bench(*files, "--only", "squiggled")
    assert again.returncode == 0, again.stderr
    assert results(smoke)[: len(before)] == before
    assert {row["question"] for row in results(smoke)[len(before) :]} == {"squiggled"}
