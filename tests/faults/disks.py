"""A disk that is full: a command ends in one sentence, and what was there before is there."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from campaign import Outcome
from states import state_of_file
from workplace import digests, epoch_vintage, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workplace import Stage

# From a disk that takes nothing more to one on which the command nearly fits [MB]; in an order in which few show much.
_SIZES = (4, 12, 1, 24, 8, 2, 16, 6, 20)


def can_mount() -> bool:
    """Whether a small disk in memory can be mounted here (root on Linux)."""
    with tempfile.TemporaryDirectory() as name:
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", name]
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            return False
        return not subprocess.run(["umount", name], check=False, capture_output=True).returncode


def full_disk(seconds: float, stage: Stage) -> Outcome:
    """Build, export and import on disks of growing size, each with an old state that must survive."""
    outcome = Outcome("full disk")
    if not can_mount():
        outcome.detail = "not run: no right to mount a disk in memory"
        return outcome
    ends = time.monotonic() + seconds
    refused = 0
    with tempfile.TemporaryDirectory(prefix="gigaledger-faults-") as name:
        root = Path(name)
        vintage = epoch_vintage(root / "vintage", 2, sites=400)
        for size in _SIZES:
            if outcome.tried and time.monotonic() > ends:
                break
            for disk in _disk(root / "disk", size):
                for status, said, loss in _tried_on(disk, stage, vintage):
                    outcome.tried += 1
                    refused += status == 2
                    if status not in {0, 2} or "Traceback" in said or said.count("\n") > 1:
                        outcome.losses.append(f"{size} MB: status {status}: {said[-300:]}")
                    if loss:
                        outcome.losses.append(f"{size} MB: {loss}")
    outcome.detail = f"commands on small disks, {refused} refused in a sentence"
    if not refused:
        outcome.losses.append("no disk was too small: the part tests nothing")
    return outcome


def _disk(place: Path, megabytes: int) -> Iterator[Path]:
    """A disk in memory, taken down again."""
    place.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def _tried_on(disk: Path, stage: Stage, vintage: Path) -> Iterator[tuple[int, str, str]]:
    """Each command on the disk: exit status, what it said, and what was lost."""
    file, new = disk / "ledger.duckdb", stage.ledgers[1]
    if shutil.disk_usage(disk).free > stage.built.stat().st_size:
        shutil.copyfile(stage.built, file)
    had = file.exists()
    status, said = run("build", file, "--datasets", new)
    state = state_of_file(file) if file.exists() else "gone" if had else "old"
    yield status, said, "" if state == ("new" if status == 0 else "old") else f"build: {state}"
    file.unlink(missing_ok=True)
    folder = disk / "exported"
    try:
        shutil.copytree(stage.exported, folder)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
    before = digests(folder) if folder.exists() else {}
    status, said = run("export", folder, "--overwrite", "--datasets", new)
    after = digests(folder) if folder.exists() else {}
    yield status, said, "" if status == 0 or after == before else f"export: {set(before) ^ set(after)} changed"
    shutil.rmtree(folder, ignore_errors=True)
    ledger = disk / "ledger"
    status, said = run("import", "epoch", vintage, "--known-on", "2026-08-20", "--into", ledger)
    left = digests(ledger) if ledger.exists() else {}
    yield status, said, "" if status == 0 or not left else f"import: left {sorted(left)}"
