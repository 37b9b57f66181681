"""Help: every command has an example, and the example runs as it stands."""

from __future__ import annotations

import datetime as dt
import os
import pty
import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import click
import polars as pl
import pytest
from click.testing import CliRunner
from commands import command

from gigaledger.cli import cli
from ledgers import write_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """The group and every command below it with the words that call it."""
    yield path, group
    for name, one in group.commands.items():
        if isinstance(one, click.Group):
            yield from _commands(one, (*path, name))
        else:
            yield (*path, name), one


COMMANDS = dict(_commands(cli))
# These name a programme or deal of the bundled ledger; the others run on a small one, which takes a moment.
ON_THE_BUNDLED_LEDGER = {("explain",), ("reconcile",), ("convert",), ("overlap",), ("timeline",)}
# These write a ledger and read none.
WITHOUT_LEDGER = {("init",)}


POSTINGS = pl.DataFrame(
    {
        "state": ["TX", "NY"],
        "on_date": [dt.date(2026, 1, 31), dt.date(2026, 6, 30)],
        "measure": ["chips", "facility_power"],
        "chip": ["gb300", "TPUv7"],
        "year": [2026, 2026],
        "amount": [16000.0, 100.0],
    }
)
BILL = """\
ServiceProviderName,BillingCurrency,ChargeCategory,ChargePeriodStart,BilledCost,EffectiveCost,ConsumedQuantity,ConsumedUnit,SkuPriceDetails
AWS,USD,Usage,2026-05-03T00:00:00Z,100,100,1,Hours,"{""InstanceType"":""p5.48xlarge""}"
"""
VINTAGE = {
    "data_centers.csv": """\
Name,Owner,Users,Country,Address,Latitude,Longitude,Current power (MW),Current IT power (MW)
Berg,,,Norway,"Fjordveien 1, Narvik, Norway",68.4,17.4,40,30
""",
    "data_center_timelines.csv": """\
Date,Data center,Construction status,Power (MW),IT power (MW)
2026-03-01,Berg,Hall 1 operational,40,30
""",
}


def _example(one: click.Command) -> list[str]:
    found = re.search(r"Example: gigaledger (.+)", one.help or "")
    assert found, f"{one.name} has no example in its --help"
    return shlex.split(found[1])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the examples name: a ledger of one's own, and a vintage to import."""
    write_ledger(tmp_path / "my-ledger")
    (tmp_path / "vintage").mkdir()
    (tmp_path / "bill.csv").write_text(BILL, encoding="utf-8")
    POSTINGS.write_parquet(tmp_path / "postings.parquet")
    for name, text in VINTAGE.items():
        (tmp_path / "vintage" / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "gigaledger")
def test_the_example_in_the_help_runs(path: tuple[str, ...], folder: Path) -> None:
    assert (folder / "vintage").is_dir()
    shown = CliRunner().invoke(cli, [*path, "--help"])
    assert shown.exit_code == 0
    assert "Example: gigaledger" in shown.output
    words = _example(COMMANDS[path])
    if path in WITHOUT_LEDGER:
        shutil.rmtree(folder / "my-ledger")
    if path not in ON_THE_BUNDLED_LEDGER | WITHOUT_LEDGER and "--datasets" not in words and "--into" not in words:
        words += ["--datasets", "my-ledger"]
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 0, done.output
    assert done.output


def test_progress_shows_on_standard_error_only_when_it_is_a_terminal(folder: Path) -> None:
    words = [*command(), "check", "--datasets", str(folder / "my-ledger")]
    piped = subprocess.run(words, capture_output=True, check=False, text=True)
    assert piped.stderr == ""
    reader, writer = pty.openpty()
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=writer, env={**os.environ, "TERM": "xterm"}) as process:
        os.close(writer)
        told = b""
        while True:
            try:
                part = os.read(reader, 1024)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            told += part
        assert process.stdout is not None
        assert process.stdout.read().decode() == piped.stdout
    os.close(reader)
    assert b"reading the ledger" in told
