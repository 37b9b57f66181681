"""The fault campaign for a short time: nothing is lost, and its parts can tell a loss from none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from states import state_of_file
from workplace import digests, state_of_folder

SHORT = ("--seconds", "40", "--kills", "10", "--inputs", "3000")


@pytest.mark.slow
def test_short_campaign_loses_nothing() -> None:
    campaign = Path(__file__).with_name("campaign.py")
    done = subprocess.run([sys.executable, str(campaign), *SHORT], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing was lost" in done.stdout
    for part in (
        "build",
        "import",
        "export",
        "readers",
        "builders",
        "full disk",
        "quantity",
        "csv",
        "command",
        "coverage",
    ):
        assert part in done.stdout


def test_half_a_file_is_told_from_a_whole_one(tmp_path: Path) -> None:
    file = tmp_path / "ledger.duckdb"
    file.write_bytes(b"DUCK" * 1000)
    assert state_of_file(file).startswith("unreadable")


def test_folder_between_two_states_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old", encoding="utf-8")
    (tmp_path / "b").write_text("old", encoding="utf-8")
    old = digests(tmp_path)
    (tmp_path / "a").write_text("new", encoding="utf-8")
    (tmp_path / "b").write_text("new", encoding="utf-8")
    new = digests(tmp_path)
    assert state_of_folder(tmp_path, old, new) == "new"
    (tmp_path / "a").write_text("old", encoding="utf-8")
    assert state_of_folder(tmp_path, old, new) == "between"
    (tmp_path / "a").write_text("ne", encoding="utf-8")
    assert "neither old nor new ['a']" in state_of_folder(tmp_path, old, new)
    (tmp_path / "a").unlink()
    assert "missing ['a']" in state_of_folder(tmp_path, old, new)
