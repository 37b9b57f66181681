"""Readers beside a writer, and two writers at once."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from campaign import Outcome
from workplace import run, start, state_of_file, two_ledgers

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

READERS = 8


def readers_during_rebuilds(seconds: float) -> Outcome:
    """Eight processes read a ledger file again and again while it is rebuilt: each sees a whole one, old or new."""
    with tempfile.TemporaryDirectory(prefix="gigaledger-faults-") as name:
        old, new = two_ledgers(Path(name))
        file = Path(name) / "ledger.duckdb"
        run("build", file, "--datasets", old)
        context = multiprocessing.get_context("spawn")
        ends = time.time() + seconds
        count, losses = context.Value("i", 0), context.Queue()
        readers = [context.Process(target=_read_until, args=(str(file), ends, count, losses)) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        outcome = Outcome(f"{READERS} readers of rebuilds")
        builds = 0
        while time.time() < ends:
            status, said = run("build", file, "--datasets", (new, old)[builds % 2])
            builds += 1
            if status != 0:
                outcome.losses.append(f"build {builds}: {said}")
        while any(reader.is_alive() for reader in readers) or not losses.empty():
            while not losses.empty():
                outcome.losses.append(losses.get())
            time.sleep(0.05)
        outcome.tried = count.value
        outcome.detail = f"whole ledgers read during {builds} rebuilds"
        if not count.value:
            outcome.losses.append("no reader read anything")
        return outcome


def _read_until(file: str, ends: float, count: Synchronized[int], losses: multiprocessing.Queue[str]) -> None:
    """Open the file, look at it and close it, until the time is over."""
    while time.time() < ends:
        state = state_of_file(Path(file))
        if state not in {"old", "new"}:
            losses.put(state)
        with count.get_lock():
            count.value += 1


def two_writers(seconds: float) -> Outcome:
    """Two builds of one file at once: one waits for the other or says clearly that it cannot; the file is whole."""
    outcome = Outcome("two builders at once")
    ends = time.monotonic() + seconds
    refused = 0
    with tempfile.TemporaryDirectory(prefix="gigaledger-faults-") as name:
        ledgers = two_ledgers(Path(name))
        file = Path(name) / "ledger.duckdb"
        while not outcome.tried or time.monotonic() < ends:
            both = [start("build", file, "--datasets", ledger) for ledger in ledgers]
            ended = [(process.communicate(timeout=120)[1], process.returncode) for process in both]
            outcome.tried += 1
            refused += sum(status == 2 for _, status in ended)
            wrong = [said for said, status in ended if status not in {0, 2} or "Traceback" in said]
            if wrong or all(status == 2 for _, status in ended):
                outcome.losses.append(f"pair {outcome.tried}: {ended}")
            if (state := state_of_file(file)) not in {"old", "new"}:
                outcome.losses.append(f"pair {outcome.tried}: {state}")
    outcome.detail = f"pairs of builds, {refused} refused in a sentence"
    return outcome
