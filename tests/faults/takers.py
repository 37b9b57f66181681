"""What takes each kind of input: it returns `results` or `sentences`, and anything else that it raises is a find."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import shutil
from typing import TYPE_CHECKING, Any

import duckdb

from gigaledger.errors import GigaledgerError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def take_quantity(_: Path) -> Callable[[str], str]:
    """The parser of quantities."""
    from gigaledger.conversion import chip_names
    from gigaledger.ledger import open_ledger
    from gigaledger.quantity import parse_quantity

    ledger = open_ledger(for_conversion=True)
    chips, measures = chip_names(ledger), dict(ledger.rows("select measure, unit from measure"))

    def take(text: str) -> str:
        return _told(lambda: parse_quantity(text, chips=chips, measures=measures))

    return take


def take_csv(scratch: Path) -> Callable[[tuple[str, bytes]], str]:
    """The reader of one CSV file."""
    from gigaledger.csv_structure import read_csv_text
    from gigaledger.schema import tables

    def take(named: tuple[str, bytes]) -> str:
        name, content = named
        path = scratch / name
        path.write_bytes(content)
        text = read_csv_text(path, name, tables()[name.removesuffix(".csv")].columns)
        return "sentences" if text.problems else "results"

    return take


def take_ledger(scratch: Path) -> Callable[[tuple[str, bytes]], str]:
    """The loader of a whole ledger, one file of which is nonsense."""
    from gigaledger.datasets import load_datasets
    from ledgers import write_ledger

    folder = write_ledger(scratch / "ledger")
    sound = {path.name: path.read_bytes() for path in folder.glob("*.csv")}

    def take(named: tuple[str, bytes]) -> str:
        name, content = named
        (folder / name).write_bytes(content)
        try:
            with duckdb.connect(config={"threads": 1}) as connection:
                return _told(lambda: load_datasets(connection, folder))
        finally:
            if name in sound:
                (folder / name).write_bytes(sound[name])
            else:
                (folder / name).unlink()

    return take


def take_focus(scratch: Path) -> Callable[[bytes], str]:
    """The importer of cloud bills."""
    from gigaledger.ledger import open_ledger
    from gigaledger.sources.focus import bill_rows

    ledger = open_ledger()
    ledger.install("everything")
    bill = scratch / "bill.csv"

    def take(content: bytes) -> str:
        bill.write_bytes(content)
        day = dt.date(2026, 6, 10)
        return _told(lambda: bill_rows(ledger, [bill], known_on=day, deal="azure-anthropic-2025"))

    return take


def take_epoch(scratch: Path) -> Callable[[tuple[str, bytes]], str]:
    """The importer of public site tables, one file of which is nonsense."""
    from vintages import newest

    from gigaledger.sources.epoch import import_vintage

    folder, into = newest(scratch / "vintage"), scratch / "into"
    sound = {path.name: path.read_bytes() for path in folder.glob("*.csv")}

    def take(named: tuple[str, bytes]) -> str:
        name, content = named
        (folder / name).write_bytes(content)
        try:
            return _told(lambda: import_vintage(folder, dt.date(2026, 7, 10), into))
        finally:
            (folder / name).write_bytes(sound[name])
            shutil.rmtree(into, ignore_errors=True)

    return take


def take_command(scratch: Path) -> Callable[[list[str]], str]:
    """The command line, in this process; its exit status is 0, 1 or 2, and it says no traceback."""
    from gigaledger.cli.main import main

    def take(arguments: list[str]) -> str:
        import os
        import sys

        out, said = io.StringIO(), io.StringIO()
        before = sys.argv, os.getcwd()  # noqa: PTH109 - put back as it was
        sys.argv = ["gigaledger", *arguments]
        os.chdir(scratch)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
                main()
            status: Any = 0
        except SystemExit as ended:
            status = ended.code or 0
        finally:
            sys.argv = before[0]
            os.chdir(before[1])
        if status not in {0, 1, 2} or "Traceback" in said.getvalue():
            raise AssertionError(f"status {status}: {said.getvalue()[-300:]}")
        return "results" if status == 0 else "sentences"

    return take


def _told(question: Callable[[], object]) -> str:
    """Whether a question is answered or refused in a sentence."""
    try:
        question()
    except GigaledgerError as error:
        if not str(error).strip():
            raise AssertionError("refused without a word") from error
        return "sentences"
    return "results"


TAKERS: dict[str, Callable[[Path], Callable[[Any], str]]] = {
    "quantity": take_quantity,
    "csv": take_csv,
    "ledger": take_ledger,
    "focus": take_focus,
    "epoch": take_epoch,
    "command": take_command,
}
