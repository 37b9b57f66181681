"""How the process of the command line ends: what was said is written, and the status is right."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from commands import command, run


def shell(line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of the shell in which GIGALEDGER is the command."""
    program = shlex.join(command())
    return subprocess.run(
        ["/bin/sh", "-c", line.replace("GIGALEDGER", program)], capture_output=True, check=False, encoding="utf-8"
    )


@pytest.mark.parametrize(("arguments", "status"), [(["--version"], 0), (["convert", "1 bananas", "--to", "chips"], 2)])
def test_status_is_that_of_the_command(arguments: list[str], status: int) -> None:
    assert run(*arguments).returncode == status


def test_an_answer_that_is_longer_than_a_buffer_is_written_whole() -> None:
    asked = ["sql", "select repeat('x', 200_000) as text", "--json"]
    assert run(*asked).stdout.count("x") > 200_000


def test_a_full_disk_below_the_answer_is_one_sentence() -> None:
    done = shell("GIGALEDGER --version > /dev/full")
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_reader_that_has_seen_enough_hears_nothing_more() -> None:
    done = shell("GIGALEDGER sql \"select repeat('x', 200_000) as text\" --json | head -c 1")
    assert done.stderr == ""
