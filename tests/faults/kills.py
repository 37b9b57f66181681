"""Kill -9 at random moments of build, import and export: the old or the new state is there, and it is valid."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from campaign import Outcome
from workplace import digests, epoch_vintage, run, start, state_of_file, state_of_folder, two_ledgers

from gigaledger.datasets import load_datasets
from gigaledger.errors import GigaledgerError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

# A command is killed within its usual duration and a little after it.
_LATEST = 1.05


@dataclass
class Job:
    """A command that leads from an old state to a new one, and how its result is judged."""

    name: str
    arguments: list[str | Path]
    place: Path
    old: Path
    state: Callable[[], str]


def kill_campaign(seconds: float, kills: int, chance: random.Random) -> list[Outcome]:
    """Kill each kind of command its share of times, as long as the time lasts."""
    with tempfile.TemporaryDirectory(prefix="gigaledger-faults-") as name:
        jobs = [make(Path(name)) for make in (_build_job, _import_job, _export_job)]
        return [_killed(job, seconds / len(jobs), kills // len(jobs) + 1, chance) for job in jobs]


def _killed(job: Job, seconds: float, kills: int, chance: random.Random) -> Outcome:
    """Kill one command again and again."""
    outcome = Outcome(f"kill -9 of {job.name}")
    began = time.monotonic()
    _reset(job)
    status, said = run(*job.arguments)
    if status != 0 or job.state() != "new":
        outcome.losses.append(f"the command itself fails: {said or job.state()}")
        return outcome
    usual = time.monotonic() - began
    states: dict[str, int] = {}
    while outcome.tried < kills and time.monotonic() - began < seconds:
        _reset(job)
        process = start(*job.arguments)
        time.sleep(chance.uniform(0, usual * _LATEST))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        outcome.tried += 1
        state = job.state()
        states[state] = states.get(state, 0) + 1
        if state not in {"old", "new", "between"}:
            outcome.losses.append(f"kill {outcome.tried}: {state}")
    # After the last kill the same command must still do its work.
    status, said = run(*job.arguments)
    if status != 0 or job.state() != "new":
        outcome.losses.append(f"after the kills: {said or job.state()}")
    outcome.detail = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    outcome.seconds = time.monotonic() - began
    return outcome


def _reset(job: Job) -> None:
    """Put the old state back."""
    if job.place.is_dir():
        shutil.rmtree(job.place)
    job.place.unlink(missing_ok=True)
    (shutil.copytree if job.old.is_dir() else shutil.copyfile)(job.old, job.place)


def _build_job(root: Path) -> Job:
    """`gigaledger build` over a file that exists."""
    folder = root / "build"
    old, new = two_ledgers(folder)
    place, before = folder / "at" / "ledger.duckdb", folder / "before.duckdb"
    place.parent.mkdir()
    run("build", before, "--datasets", old)
    return Job("build", ["build", place, "--datasets", new], place, before, lambda: state_of_file(place))


def _import_job(root: Path) -> Job:
    """`gigaledger import epoch` into a ledger that holds an older vintage."""
    folder = root / "import"
    before, after, place = folder / "before", folder / "after", folder / "ledger"
    folder.mkdir()
    first, second = epoch_vintage(folder / "first", 1), epoch_vintage(folder / "second", 2)
    run("import", "epoch", first, "--known-on", "2026-07-07", "--into", before)
    shutil.copytree(before, after)
    run("import", "epoch", second, "--known-on", "2026-08-20", "--into", after)
    old, new = digests(before), digests(after)

    def state() -> str:
        found = state_of_folder(place, old, new)
        try:
            load_datasets(duckdb.connect(), place, extend=True)
        except GigaledgerError as error:
            return f"{found}, and no ledger: {error}"
        return found

    return Job("import", ["import", "epoch", second, "--known-on", "2026-08-20", "--into", place], place, before, state)


def _export_job(root: Path) -> Job:
    """`gigaledger export --overwrite` into a folder that holds an older export."""
    folder = root / "export"
    old_ledger, new_ledger = two_ledgers(folder)
    before, after, place = folder / "before", folder / "after", folder / "at"
    run("export", before, "--datasets", old_ledger)
    run("export", after, "--datasets", new_ledger)
    old, new = digests(before), digests(after)
    arguments: list[str | Path] = ["export", place, "--overwrite", "--datasets", new_ledger]
    return Job("export", arguments, place, before, lambda: state_of_folder(place, old, new))
