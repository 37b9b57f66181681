"""The fault campaign: kill, crowd, fill the disk and feed nonsense, and count what is lost.

`python tests/faults/campaign.py --seconds 900` runs every part within the time given and prints what it did; the exit
status is 1 when anything was lost. The tests run the same parts for a short time.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

KILLS = 200
INPUTS = 100_000


@dataclass
class Outcome:
    """What one part of the campaign did: how often, and what was lost."""

    part: str
    tried: int = 0
    detail: str = ""
    seconds: float = 0.0
    losses: list[str] = field(default_factory=list)

    def line(self) -> str:
        """One line of the report."""
        lost = "nothing lost" if not self.losses else f"{len(self.losses)} LOST"
        return f"{self.part:<28} {self.tried:>8,}  {lost:<14} {self.seconds:>6.0f} s  {self.detail}"


def main() -> int:
    """Run the campaign and print its report."""
    from crowds import readers_during_rebuilds, two_writers
    from disks import full_disk
    from fuzz import fuzz_by_coverage, fuzz_inputs
    from kills import kill_campaign

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=900, help="time for the whole campaign [s]")
    parser.add_argument("--kills", type=int, default=KILLS, help="kill -9 at random moments, in all")
    parser.add_argument("--inputs", type=int, default=INPUTS, help="fuzzed inputs, in all")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)  # noqa: S311 - moments to kill at, no secret
    # A part that is done early leaves its time to those after it.
    parts = [
        (0.10, lambda seconds: [full_disk(seconds)]),
        (0.05, lambda seconds: [two_writers(seconds)]),
        (0.10, lambda seconds: [readers_during_rebuilds(seconds)]),
        (0.45, lambda seconds: kill_campaign(seconds, arguments.kills, chance)),
        (0.20, lambda seconds: fuzz_inputs(seconds, arguments.inputs, arguments.seed)),
        (0.10, lambda seconds: [fuzz_by_coverage(seconds)]),
    ]
    started = time.monotonic()
    losses = 0
    remaining = sum(share for share, _ in parts)
    for share, run in parts:
        left = arguments.seconds - (time.monotonic() - started)
        begun = time.monotonic()
        for outcome in run(max(1.0, left * share / remaining)):
            outcome.seconds = outcome.seconds or time.monotonic() - begun
            losses += len(outcome.losses)
            print(outcome.line(), flush=True)
            for loss in outcome.losses[:5]:
                print(f"    {loss}", flush=True)
        remaining -= share
    print(f"{time.monotonic() - started:.0f} s; {'nothing was lost' if not losses else f'{losses} losses'}")
    return 1 if losses else 0


if __name__ == "__main__":
    raise SystemExit(main())
