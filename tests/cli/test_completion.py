"""Completion: what the shell offers after Tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.shell_completion import ShellComplete
from commands import run

from gigaledger.cli import cli
from ledgers import bundled_ledger, write_ledger

if TYPE_CHECKING:
    from pathlib import Path


def offered(*words: str) -> list[str]:
    """What is offered for the last word."""
    completer = ShellComplete(cli, {}, "gigaledger", "_GIGALEDGER_COMPLETE")
    return [item.value for item in completer.get_completions(list(words[:-1]), words[-1])]


def test_commands_are_offered() -> None:
    assert {"reconcile", "convert", "report", "export"} <= set(offered(""))
    assert offered("repo") == ["report"]


@pytest.mark.parametrize(
    ("words", "column", "table"),
    [
        (("reconcile", ""), "programme_id", "programme"),
        (("explain", "openai-a"), "deal_id", "deal"),
        (("convert", "1 GW_it", "--chip", "tpu"), "chip_id", "chip"),
    ],
)
def test_names_of_the_bundled_ledger_are_offered(words: tuple[str, ...], column: str, table: str) -> None:
    known = bundled_ledger().rows(
        f"select {column} from {table} where starts_with({column}, $1) order by 1", [words[-1]]
    )
    assert [name for name in offered(*words) if name in dict.fromkeys(row[0] for row in known)] == [
        row[0] for row in known
    ]
    assert known


def test_measures_are_offered_where_they_can_stand() -> None:
    assert "it_power" in offered("reconcile", "--measure", "")
    assert "equity" not in offered("convert", "$1", "--measure", "")
    assert "cloud_contract" in offered("convert", "$1", "--measure", "cloud")
    assert offered("convert", "$1", "--to", "a") == ["all"]
    assert offered("reconcile", "--measure", "cloud") == ["cloud_spend"]


def test_names_of_a_ledger_of_ones_own_are_offered(tmp_path: Path) -> None:
    folder = str(write_ledger(tmp_path / "ledger"))
    assert offered("reconcile", "--datasets", folder, "") == ["lab-campus", "lab-cloud"]
    assert "lab-campus" in offered("reconcile", "--datasets", folder, "--extend", "")
    assert len(offered("reconcile", "--datasets", folder, "--extend", "")) > 2


def test_a_ledger_that_cannot_be_read_offers_nothing(tmp_path: Path) -> None:
    (tmp_path / "programme.csv").write_bytes(b"\xff\xfe\x00")
    assert offered("reconcile", "--datasets", str(tmp_path), "") == []
    assert offered("reconcile", "--datasets", str(tmp_path / "missing"), "") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_the_shell_is_printed(shell: str) -> None:
    done = run(_GIGALEDGER_COMPLETE=f"{shell}_source")
    assert done.returncode == 0
    assert "_GIGALEDGER_COMPLETE" in done.stdout
