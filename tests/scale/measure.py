"""Seconds and memory of `gigaledger reconcile` on generated ledgers, one ten times the other: `make scale`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from scale.generated_ledger import write_generated_ledger

MILESTONES_PER_DEAL = 10
MOST_SECONDS, MOST_BYTES = 60, 4e9
PROGRAM = "from gigaledger.cli import main; main()"


def measured(folder: Path, *options: str) -> tuple[float, float, float]:
    """Elapsed and processor time [s] and peak memory [byte] of one reconciliation in a process of its own."""
    started = time.perf_counter()
    command = [sys.executable, "-c", PROGRAM, "reconcile", "--datasets", str(folder), *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(1)
    kibibyte = 1 if sys.platform == "darwin" else 1024
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * kibibyte


def main() -> None:
    """Print a line a size and form of output; exit 1 when one takes more than the project allows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("deals", type=int, nargs="*", default=[10_000, 100_000])
    is_within = True
    tell("deals", "milestones", "output", "seconds", "processor", "peak GB")
    with tempfile.TemporaryDirectory(prefix="gigaledger-scale-") as folder:
        for deals in parser.parse_args().deals:
            milestones = MILESTONES_PER_DEAL * deals
            ledger = write_generated_ledger(Path(folder) / str(deals), deals, milestones)
            for form, options in (("terminal", ()), ("json", ("--json",))):
                seconds, processor, peak = measured(ledger, *options)
                is_within = is_within and seconds <= MOST_SECONDS and peak <= MOST_BYTES
                tell(f"{deals:,}", f"{milestones:,}", form, f"{seconds:.1f}", f"{processor:.1f}", f"{peak / 1e9:.2f}")
    if not is_within:
        raise SystemExit(1)


def tell(*cells: str) -> None:
    """Print one line of the table at once."""
    sys.stdout.write("".join(f"{cell:>12}" for cell in cells) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
