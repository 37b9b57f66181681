"""The timing of the edges over few rows: it prints what it wrote."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_made_up_postings_are_written_and_counted() -> None:
    command = [sys.executable, str(ROOT / "benchmarks/edges.py"), "--only-postings", "--postings", "100000"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"100,000 postings to Parquet: \d+\.\d s, peak \d\.\d\d GB\n", done.stdout)
