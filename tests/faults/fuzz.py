"""Nonsense as input: every text and file ends in a result or in one sentence, within five seconds and a gigabyte.

`fuzz_inputs` feeds inputs that Hypothesis makes, `fuzz_by_coverage` those that atheris finds by the branches they take.
Each target runs in a process of its own: `python tests/faults/fuzz.py TARGET INPUTS SEED SECONDS`.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))

from campaign import Outcome
from workplace import ENGINE

if TYPE_CHECKING:
    from collections.abc import Callable

# Of the processor, since others may be using it too; a wait that uses none ends after the longer time.
LONGEST_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 60.0
# A command that is understood does its whole work, such as a page with all its charts; a refusal comes at once.
LONGEST_WORK_SECONDS = 50.0
LARGEST_MEGABYTES = 1000
# A build of the bundled ledger alone comes near it, and one process runs hundreds of commands.
LARGEST_WORK_MEGABYTES = 1500
# Share of the inputs and of the time.
TARGETS = {
    "quantity": (0.60, 0.28),
    "csv": (0.385, 0.25),
    "ledger": (0.005, 0.17),
    "focus": (0.004, 0.08),
    "epoch": (0.003, 0.07),
    "command": (0.003, 0.15),
}


def fuzz_inputs(seconds: float, inputs: int, seed: int) -> list[Outcome]:
    """Feed every target its share of the inputs, two processes at a time."""
    waiting = {
        target: (max(1, int(inputs * share)), max(2.0, seconds * 2 * part)) for target, (share, part) in TARGETS.items()
    }
    running: dict[str, subprocess.Popen[str]] = {}
    outcomes = []
    while waiting or running:
        while waiting and len(running) < 2:
            target, (count, limit) = waiting.popitem()
            running[target] = _process(target, str(count), str(seed), str(limit))
        for target, process in list(running.items()):
            if process.poll() is not None:
                outcomes.append(_outcome(target, *process.communicate()))
                del running[target]
        time.sleep(0.05)
    return sorted(outcomes, key=lambda one: one.part)


def fuzz_by_coverage(seconds: float) -> Outcome:
    """Let atheris look for inputs that end in anything but a result or a sentence."""
    outcome = Outcome("fuzz by coverage", kind="inputs")
    for target in ("quantity", "csv"):
        process = _process(target, "coverage", "0", str(max(2, int(seconds / 2))))
        _, said = process.communicate()
        runs = [line for line in said.splitlines() if "stat::number_of_executed_units" in line]
        outcome.tried += int(runs[-1].split()[-1]) if runs else 0
        if process.returncode:
            outcome.losses.append(f"{target}: {said[-600:]}")
    outcome.detail = "inputs of the quantity parser and the CSV reader (atheris)"
    if not outcome.tried:
        outcome.losses.append("nothing was run")
    return outcome


def _process(*arguments: str) -> subprocess.Popen[str]:
    """This module in a process of its own."""
    return subprocess.Popen(
        [sys.executable, __file__, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(ENGINE), "PATH": "/usr/bin:/bin", "PYTHONHASHSEED": "0"},
    )


def _outcome(target: str, out: str, said: str) -> Outcome:
    """What a process of this module reports."""
    try:
        report = json.loads(out.splitlines()[-1])
    except (IndexError, ValueError):
        return Outcome(f"fuzz: {target}", kind="inputs", losses=[f"ended without a report: {said[-600:]}"])
    detail = f"{report['results']:,} results, {report['sentences']:,} sentences, peak {report['megabytes']:.0f} MB"
    outcome = Outcome(f"fuzz: {target}", report["tried"], detail, report["seconds"], report["losses"], "inputs")
    if report["megabytes"] > (LARGEST_WORK_MEGABYTES if target == "command" else LARGEST_MEGABYTES):
        outcome.losses.append(f"{report['megabytes']:.0f} MB of memory")
    return outcome


def _most_megabytes() -> float:
    """The most memory that this process has held so far [MB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


class _TimeIsOver(KeyboardInterrupt):
    """The time for a target is over; Hypothesis lets an interrupt through."""


class _TooSlow(BaseException):
    """An input that took longer than it may."""


@contextlib.contextmanager
def _limited(seconds: float) -> Any:
    """At most so much processor time for the block [s]."""

    def ring(*_: object) -> None:
        raise _TooSlow

    clocks = (
        (signal.SIGPROF, signal.ITIMER_PROF, seconds),
        (signal.SIGALRM, signal.ITIMER_REAL, LONGEST_WAIT_SECONDS),
    )
    for number, clock, limit in clocks:
        signal.signal(number, ring)
        signal.setitimer(clock, limit)
    try:
        yield
    finally:
        for _, clock, _ in clocks:
            signal.setitimer(clock, 0)


def _feed(target: str, inputs: int, seed: int, seconds: float) -> dict[str, Any]:
    """Feed one target inputs that Hypothesis makes; what is neither a result nor a sentence is a loss."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from inputs import STRATEGIES
    from takers import TAKERS

    report: dict[str, Any] = {"tried": 0, "results": 0, "sentences": 0, "losses": []}
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gigaledger-fuzz-") as scratch:
        take = TAKERS[target](Path(scratch))

        @seeded(seed)
        @settings(
            max_examples=inputs,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(STRATEGIES[target])
        def feed(value: Any) -> None:
            if report["tried"] and time.monotonic() - began > seconds:
                raise _TimeIsOver
            report["tried"] += 1
            try:
                used, most = time.process_time(), _most_megabytes()
                with _limited(LONGEST_WORK_SECONDS if target == "command" else LONGEST_SECONDS):
                    kind = take(value)
                if kind == "sentences" and time.process_time() - used > LONGEST_SECONDS:
                    report["losses"].append(f"refused after more than {LONGEST_SECONDS:g} s: {value!r}"[:400])
                if kind == "sentences" and _most_megabytes() > max(most, LARGEST_MEGABYTES):
                    report["losses"].append(f"refused with {_most_megabytes():.0f} MB of memory: {value!r}"[:400])
            except _TooSlow:
                report["losses"].append(f"more than {LONGEST_SECONDS:g} s: {value!r}"[:400])
            except Exception as error:  # noqa: BLE001 - any other exception is the find
                report["losses"].append(f"{type(error).__name__}: {error}: {value!r}"[:400])
            else:
                report[kind] += 1

        with contextlib.suppress(_TimeIsOver):
            feed()
    report["losses"] = sorted(set(report["losses"]))[:20]
    report["seconds"] = time.monotonic() - began
    report["megabytes"] = _most_megabytes()
    return report


def _cover(target: str, seconds: float) -> None:
    """Let atheris drive one target; it ends the process itself."""
    import atheris

    with atheris.instrument_imports(include=["gigaledger.quantity", "gigaledger.csv_structure", "gigaledger.units"]):
        import gigaledger.csv_structure
        import gigaledger.quantity
        import gigaledger.units  # noqa: F401
    from takers import TAKERS

    scratch = Path(tempfile.mkdtemp(prefix="gigaledger-fuzz-"))
    take: Callable[[Any], str] = TAKERS[target](scratch)

    def one_input(data: bytes) -> None:
        take(data.decode("utf-8", "replace") if target == "quantity" else ("deal.csv", data))

    arguments = [
        f"-max_total_time={seconds:.0f}",
        f"-timeout={LONGEST_SECONDS:.0f}",
        f"-rss_limit_mb={LARGEST_MEGABYTES}",
        "-print_final_stats=1",
        f"-artifact_prefix={scratch}/",
        "-max_len=4096",
    ]
    atheris.Setup([sys.argv[0], *arguments], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[2] == "coverage":
        _cover(sys.argv[1], float(sys.argv[4]))
    with contextlib.redirect_stdout(io.StringIO()):
        found = _feed(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
    print(json.dumps(found))
