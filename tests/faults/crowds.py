"""Readers beside writers, and two writers at once."""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from campaign import READERS, Outcome
from states import read_until, state_of_file
from workplace import start

if TYPE_CHECKING:
    from workplace import Stage


def crowd(seconds: float, stage: Stage) -> list[Outcome]:
    """Two builds of one file at once, again and again, while eight processes read it.

    A reader sees a whole ledger, old or new; of two builders one waits for the other, or says clearly that it cannot.
    """
    with tempfile.TemporaryDirectory(prefix="gigaledger-faults-") as name:
        file = Path(name) / "ledger.duckdb"
        shutil.copyfile(stage.built, file)
        context = multiprocessing.get_context("spawn")
        over, count, losses = context.Event(), context.Value("i", 0), context.Queue()
        arguments = (over, str(file), count, losses)
        readers = [context.Process(target=read_until, args=arguments) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        writers = _two_writers(time.monotonic() + seconds, file, stage)
        over.set()
        seen = Outcome(f"{READERS} readers of rebuilds", kind="reads")
        while any(reader.is_alive() for reader in readers) or not losses.empty():
            while not losses.empty():
                seen.losses.append(losses.get())
            time.sleep(0.05)
        seen.tried = count.value
        seen.detail = f"whole ledgers read during {2 * writers.tried} rebuilds"
        if not count.value:
            seen.losses.append("no reader read anything")
        seen.losses += [f"a reader ended with {reader.exitcode}" for reader in readers if reader.exitcode]
        return [writers, seen]


def _two_writers(ends: float, file: Path, stage: Stage) -> Outcome:
    """Start two builds of a file at the same time, at least once, until the time is over."""
    outcome = Outcome("two builders at once")
    refused = 0
    while not outcome.tried or time.monotonic() < ends:
        both = [start("build", file, "--datasets", ledger) for ledger in stage.ledgers]
        ended = [(process.communicate(timeout=240)[1], process.returncode) for process in both]
        outcome.tried += 1
        refused += sum(status == 2 for _, status in ended)
        wrong = [said for said, status in ended if status not in {0, 2} or "Traceback" in said]
        if wrong or all(status == 2 for _, status in ended):
            outcome.losses.append(f"pair {outcome.tried}: {ended}")
        if (state := state_of_file(file)) not in {"old", "new"}:
            outcome.losses.append(f"pair {outcome.tried}: {state}")
    outcome.detail = f"pairs of builds, {refused} refused in a sentence"
    return outcome
