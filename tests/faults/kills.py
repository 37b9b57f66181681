"""Kill -9 at random moments of build, import and export: the old or the new state is there, and it is valid."""

from __future__ import annotations

import os
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import duckdb
from campaign import Outcome
from states import state_of_file
from workplace import digests, epoch_vintage, number_of_deals, run, start, state_of_folder

from gigaledger.datasets import load_datasets
from gigaledger.errors import GigaledgerError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

    from workplace import Stage

# A command is killed within its usual duration and a little after it.
_LATEST = 1.05
WORKERS = min(2, os.cpu_count() or 1)
# Of the kills: a command on the bundled ledger takes two to four times as long as on a small one.
_BUNDLED_SHARE = {"build": 0.04, "export": 0.04, "import": 0.04}
_MANY = 100
_FEWEST = 3  # of each command, however little time there is


@dataclass
class Job:
    """A command that leads from an old state to a new one, and how its result is judged."""

    name: str
    arguments: list[str | Path]
    seconds: float  # how long it usually takes
    place: Path
    old: Path
    state: Callable[[], str]


@dataclass
class Tally:
    """What became of the kills of one job."""

    job: str
    kills: int = 0
    seconds: float = 0.0
    states: dict[str, int] = field(default_factory=dict)
    losses: list[str] = field(default_factory=list)


def kill_campaign(seconds: float, kills: int, chance: random.Random, stages: dict[str, Stage]) -> list[Outcome]:
    """Kill each kind of command its share of times, on small ledgers and on the bundled one, as long as the time lasts.

    Args:
        seconds: time for all of it [s].
        kills: how many, at least, in all; fewer than a hundred leave out the bundled ledger.
        chance: chooses the moments.
        stages: the ledgers by size.
    """
    ends = time.monotonic() + seconds
    bundled = {kind: round(kills * share) if kills >= _MANY else 0 for kind, share in _BUNDLED_SHARE.items()}
    makers = {"build": _build_job, "export": _export_job, "import": _import_job}
    tasks = [("bundled", kind, count) for kind, count in bundled.items() if count]
    left = kills - sum(bundled.values())
    halves = WORKERS if kills >= _MANY else 1  # each worker has a place of its own
    parts = [(kind, half) for half in range(halves) for kind in makers]
    tasks += [("small", kind, -(-left // len(parts))) for kind, _ in parts]
    with ThreadPoolExecutor(WORKERS) as pool:
        list(
            pool.map(
                lambda make: make(), [make for size in {task[0] for task in tasks} for make in stages[size].makers()]
            )
        )
        running = [
            pool.submit(_killed, partial(makers[kind], stages[size], number), count, ends, chance.random())
            for number, (size, kind, count) in enumerate(tasks)
        ]
        tallies = [one.result() for one in running]
    return [
        _outcome(f"kill -9 of {kind}, {size}", chosen)
        for size in ("small", "bundled")
        for kind in makers
        if (chosen := [tally for tally, task in zip(tallies, tasks, strict=True) if task[:2] == (size, kind)])
    ]


def _outcome(part: str, tallies: list[Tally]) -> Outcome:
    """The tallies of the same command on ledgers of one size as a line of the report."""
    states: dict[str, int] = {}
    for tally in tallies:
        for state, count in tally.states.items():
            states[state] = states.get(state, 0) + count
    return Outcome(
        part,
        sum(tally.kills for tally in tallies),
        ", ".join(f"{count} {state}" for state, count in sorted(states.items())),
        max(tally.seconds for tally in tallies),
        [loss for tally in tallies for loss in tally.losses],
        kind="kills",
    )


def _killed(make: Callable[[], Job], kills: int, ends: float, first: float) -> Tally:
    """Kill one command again and again, at moments that are spread evenly over its duration.

    The moments are the multiples of the golden section from a random first one, so that any number of them, however
    early the time is over, covers the duration evenly.
    """
    job = make()
    tally = Tally(job.name)
    began = time.monotonic()
    while tally.kills < min(kills, _FEWEST) or (tally.kills < kills and time.monotonic() + 2 * job.seconds < ends):
        _reset(job)
        moment = (first + tally.kills * 0.6180339887498949) % 1 * _LATEST * job.seconds
        process = start(*job.arguments)
        time.sleep(moment)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        tally.kills += 1
        state = job.state()
        tally.states[state] = tally.states.get(state, 0) + 1
        if state not in {"old", "new", "between"}:
            tally.losses.append(f"kill {tally.kills} after {moment:.2f} s: {state}")
    # After the last kill, on what it left, the same command must do its work.
    status, said = run(*job.arguments)
    if status or job.state() != "new":
        tally.losses.append(f"after the kills: {said or job.state()}")
    tally.seconds = time.monotonic() - began
    return tally


def _reset(job: Job) -> None:
    """Put the old state back."""
    if job.place.is_dir():
        shutil.rmtree(job.place)
    job.place.unlink(missing_ok=True)
    (shutil.copytree if job.old.is_dir() else shutil.copyfile)(job.old, job.place)


def _build_job(stage: Stage, number: int) -> Job:
    """`gigaledger build` over a file that exists."""
    place = stage.root / f"build-{number}" / "ledger.duckdb"
    place.parent.mkdir()
    new, deals = stage.ledgers[1], number_of_deals(stage.ledgers[1])
    arguments: list[str | Path] = ["build", place, "--datasets", new]
    return Job("build", arguments, stage.seconds["build"], place, stage.built, lambda: state_of_file(place, deals))


def _import_job(stage: Stage, number: int) -> Job:
    """`gigaledger import epoch` into a ledger that holds an older vintage; it may be layered over the bundled one."""
    folder = stage.root / f"import-{number}"
    before, after, place = folder / "before", folder / "after", folder / "ledger"
    folder.mkdir()
    first, second = epoch_vintage(folder / "first", 1), epoch_vintage(folder / "second", 2)
    layered = ["--extend"] if stage.size == "bundled" else []
    run("import", "epoch", first, "--known-on", "2026-07-07", "--into", before, *layered)
    shutil.copytree(before, after)
    began = time.monotonic()
    run("import", "epoch", second, "--known-on", "2026-08-20", "--into", after, *layered)
    seconds = time.monotonic() - began
    old, new = digests(before), digests(after)
    sound: dict[frozenset[tuple[str, str]], str] = {}

    def state() -> str:
        found = state_of_folder(place, old, new)
        # What was loaded once need not be loaded again: the same bytes are the same ledger.
        content = frozenset(digests(place).items())
        if content not in sound:
            sound[content] = _problem_of(place, extend=True)
        return f"{found}, and no ledger: {sound[content]}" if sound[content] else found

    arguments = ["import", "epoch", second, "--known-on", "2026-08-20", "--into", place, *layered]
    return Job("import", arguments, seconds, place, before, state)


def _problem_of(folder: Path, *, extend: bool) -> str:
    """Why a folder is no ledger; empty where it is one."""
    try:
        with duckdb.connect(config={"threads": 1}) as connection:
            load_datasets(connection, folder, extend=extend)
    except GigaledgerError as error:
        return str(error)
    return ""


def _export_job(stage: Stage, number: int) -> Job:
    """`gigaledger export --overwrite` into a folder that holds an older export."""
    place = stage.root / f"export-{number}"
    old, new = digests(stage.exported), stage.exported_anew
    arguments: list[str | Path] = ["export", place, "--overwrite", "--datasets", stage.ledgers[1]]
    return Job(
        "export", arguments, stage.seconds["export"], place, stage.exported, lambda: state_of_folder(place, old, new)
    )
