"""`--compare`: one answer without and with a changed assumption, side by side."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from gigaledger.cli import cli
from ledgers import write_ledger

if TYPE_CHECKING:
    from pathlib import Path

CONVERT = ("convert", "1000 GB300", "--to", "it_power", "--year", "2026")
TWO_KILOWATT = ("--set", "it_power_w_per_chip.nvidia=2000")


def answer(*arguments: str) -> dict[str, Any]:
    """The JSON document of a command that succeeds."""
    result = CliRunner().invoke(cli, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def test_both_sides_are_the_answers_of_their_own_commands() -> None:
    document = answer(*CONVERT, *TWO_KILOWATT, "--compare")
    assert document["without"] == answer(*CONVERT)
    assert document["with"] == answer(*CONVERT, *TWO_KILOWATT)
    assert document["settings"] == {"it_power_w_per_chip.nvidia": [2000, 2000, 2000]}


def test_change_is_the_ratio_of_the_medians_and_the_widths() -> None:
    document = answer(*CONVERT, *TWO_KILOWATT, "--compare")
    change = document["changes"]["it_power"]
    without = document["without"]["to"]
    assert change["median_ratio"] == pytest.approx(2 / without["p50"])  # 1,000 chips of 2 kW are 2 MW
    assert change["width_without"] == pytest.approx(without["p95"] / without["p05"])
    assert change["width_with"] == pytest.approx(1)


def test_explanation_is_compared_too(tmp_path: Path) -> None:
    # 500 MW of IT at 2 kW a chip are 250,000 chips.
    folder = str(write_ledger(tmp_path))
    document = answer("explain", "rent", "--datasets", folder, *TWO_KILOWATT, "--compare")
    assert document["with"]["results"]["chips"]["p50"] == pytest.approx(250_000)
    assert document["changes"]["it_power"]["median_ratio"] == pytest.approx(1)


def test_table_shows_both_sides_within_a_hundred_columns() -> None:
    result = CliRunner().invoke(
        cli, ["convert", "1e6 TPUv7", "--to", "all", "--year", "2026", "--set", "peak_pue=1.1,1.15,1.2", "--compare"]
    )
    assert result.exit_code == 0, result.output
    assert max(map(len, result.stdout.splitlines())) <= 100
    assert "without" in result.stdout
    assert "peak_pue = 1.15 (1.10 to 1.20)" in result.stdout


def test_comparison_without_a_change_is_refused() -> None:
    result = CliRunner().invoke(cli, [*CONVERT, "--compare"])
    assert result.exit_code == 2
    assert "--set ASSUMPTION=low,best,high" in result.output
