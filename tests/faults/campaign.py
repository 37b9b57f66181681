"""The fault campaign: kill, crowd, fill the disk and feed nonsense, and count what is lost.

`python tests/faults/campaign.py --seconds 900` runs every part within the time given and prints what it did; the exit
status is 1 when anything was lost. The tests run the same parts for a short time.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

KILLS = 200
INPUTS = 100_000
READERS = 8


@dataclass
class Outcome:
    """What one part of the campaign did: how often, and what was lost."""

    part: str
    tried: int = 0
    detail: str = ""
    seconds: float = 0.0
    losses: list[str] = field(default_factory=list)
    kind: str = ""  # of what was tried: kills, reads, inputs, or nothing for the rest

    def line(self) -> str:
        """One line of the report."""
        lost = "nothing lost" if not self.losses else f"{len(self.losses)} LOST"
        return f"{self.part:<28} {self.tried:>8,}  {lost:<14} {self.seconds:>6.0f} s  {self.detail}"


def main() -> int:
    """Run the campaign and print its report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=900, help="time for the whole campaign [s]")
    parser.add_argument("--kills", type=int, default=KILLS, help="kill -9 at random moments, in all")
    parser.add_argument("--inputs", type=int, default=INPUTS, help="fuzzed inputs, in all")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gigaledger-faults-") as name:
        return _run(arguments, Path(name))


def _run(arguments: argparse.Namespace, scratch: Path) -> int:
    """Run the parts one after the other; a part that is done early leaves its time to those after it."""
    from crowds import crowd
    from disks import full_disk
    from fuzz import fuzz_by_coverage, fuzz_inputs
    from kills import kill_campaign
    from workplace import Stage

    chance = random.Random(arguments.seed)  # noqa: S311 - moments to kill at, no secret
    stages = {size: Stage(scratch / size, size) for size in ("small", "bundled")}
    small = stages["small"]
    parts = [
        (0.50, lambda seconds: kill_campaign(seconds, arguments.kills, chance, stages)),
        (0.10, lambda seconds: [full_disk(seconds, small)]),
        (0.13, lambda seconds: crowd(seconds, small)),
        (0.20, lambda seconds: fuzz_inputs(seconds, arguments.inputs, arguments.seed)),
        (0.07, lambda seconds: [fuzz_by_coverage(seconds)]),
    ]
    started = time.monotonic()
    done: list[Outcome] = []
    remaining = sum(share for share, _ in parts)
    for share, run in parts:
        left = arguments.seconds - (time.monotonic() - started)
        begun = time.monotonic()
        for outcome in run(max(1.0, left * share / remaining)):
            outcome.seconds = outcome.seconds or time.monotonic() - begun
            done.append(outcome)
            print(outcome.line(), flush=True)
            for loss in outcome.losses[:5]:
                print(f"    {loss}", flush=True)
        remaining -= share
    print(_summary(done, arguments.kills, arguments.inputs, time.monotonic() - started))
    return 1 if any(outcome.losses for outcome in done) else 0


def _summary(done: list[Outcome], kills: int, inputs: int, seconds: float) -> str:
    """How much was tried in all, how much of it was wanted, and what was lost."""
    tried = {kind: sum(one.tried for one in done if one.kind == kind) for kind in ("kills", "reads", "inputs")}
    losses = sum(len(one.losses) for one in done)
    short = [
        f"time for {tried[kind]:,} of {wanted:,} {kind} only"
        for kind, wanted in (("kills", kills), ("inputs", inputs))
        if tried[kind] < wanted
    ]
    return (
        f"{tried['kills']:,} kills, {READERS} readers with {tried['reads']:,} reads, {tried['inputs']:,} inputs tried, "
        f"{losses} losses, {seconds:.0f} s; {'; '.join(short) + '; ' if short else ''}"
        f"{'nothing was lost' if not losses else 'SOMETHING WAS LOST'}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
