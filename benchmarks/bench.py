"""The aggregation core against its limit and its peers: `python benchmarks/bench.py`, or `make bench`.

Every question is asked of all its contestants in turn, each in a process of its own; the answers are compared before
a time counts, and a wrong one fails the run. Results are appended, and the page with its charts is made from them.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from answers import Answer, WrongAnswer, refuse_other
from questions import RERATED, Question, questions, smoke_questions
from workload import CHIPS, MEASURES, TARGETS, YEARS, Workload, default_scratch, rates_of_ledger

FOLDER = Path(__file__).resolve().parent
SCANNED = ("site", "measure", "chip", "year", "amount")
MEMORY_BYTES_PER_ROW = 16  # enumerations of 2, 1 and 1 bytes, a year of 4 and an amount of 8
FIELDS = (
    "run",
    "question",
    "storage",
    "family",
    "contestant",
    "versions",
    "row_count",
    "group_count",
    "path_count",
    "target_count",
    "draw_count",
    "round_count",
    "cold_seconds",
    "warm_seconds",
    "fastest_seconds",
    "processor_seconds",
    "load_seconds",
    "peak_memory_bytes",
    "scanned_bytes",
    "checksum",
    "largest_difference",
    "core_count",
    "machine_memory_gb",
    "processor",
    "system",
    "load_average",
)


@dataclass
class Contestant:
    """A worker with one of the things that it can be asked, and what was measured."""

    worker: Worker
    name: str
    cold: dict[str, Any] = field(default_factory=dict)
    warm: list[dict[str, Any]] = field(default_factory=list)
    checksum: str = ""
    difference: float | None = None


class Worker:
    """A process that holds rows and answers."""

    def __init__(self, family: str, question: Question, files: list[Path], scratch: Path, workload: Workload) -> None:
        """Start it and wait until it holds its rows."""
        self.family = family
        request = {
            "family": family,
            "storage": question.storage,
            "files": [str(path) for path in files],
            "scratch": str(scratch),
            "workload": asdict(workload),
        }
        self.process = subprocess.Popen(  # noqa: S603 - this project's own script
            [sys.executable, str(FOLDER / "worker.py"), json.dumps(request)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.about: dict[str, Any] = {}

    def ready(self) -> None:
        """Wait until it holds its rows."""
        self.about = self._reply()

    def ask(self, contestant: str, *, answer: Path | None, evict: bool) -> dict[str, Any]:
        """One run, with the answer in a file where one is named."""
        request = {"contestant": contestant, "answer": str(answer) if answer else None, "evict": evict}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return self._reply()

    def close(self) -> None:
        """End the process."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def _reply(self) -> dict[str, Any]:
        """The next line that it writes."""
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"bench: {self.family} ended with status {self.process.wait()}; its error stands above")
        return json.loads(line)


def main() -> None:
    """Run the benchmark as the command line asks."""
    options = parsed_options()
    scratch = options.scratch
    scratch.mkdir(parents=True, exist_ok=True)
    workload = Workload(seed=options.seed)
    asked = smoke_questions() if options.smoke else questions(int(options.largest), int(options.in_memory))
    if shutil.which("java") is None:
        print("bench: no Java, so nothing is asked of Spark", file=sys.stderr)
        asked = [question for question in asked if question.name != "cluster"]
    if options.only:
        asked = [question for question in asked if question.name in options.only]
    if options.planted:
        asked[-1] = Question(**{**vars(asked[-1]), "entries": (*asked[-1].entries, ("planted", ("wrong",)))})
    if not options.page_alone:
        rates_of_ledger(scratch)
        run = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        try:
            for question in asked:
                rows = measured(question, scratch, workload, options.rounds)
                append(options.results, [{"run": run, **row} for row in rows])
        except WrongAnswer as error:
            raise SystemExit(f"bench: {error}") from None
    from page import write_page

    write_page(options.results, options.results.parent)


def parsed_options() -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smoke", action="store_true", help="every contestant over few rows, in a few seconds")
    parser.add_argument("--largest", type=float, default=3e8, help="rows of the largest set of Parquet files")
    parser.add_argument("--in-memory", type=float, default=1e8, help="rows of the set that is held in memory")
    parser.add_argument("--only", action="append", help="a question, such as intervals or parquet; may be repeated")
    parser.add_argument("--rounds", type=int, help="warm runs of each contestant, instead of those of each question")
    parser.add_argument("--seed", type=int, default=7, help="seed of the workload")
    parser.add_argument("--scratch", type=Path, default=default_scratch(), help="folder that keeps the workload")
    parser.add_argument("--results", type=Path, default=FOLDER / "results.csv", help="file that results are added to")
    parser.add_argument("--page-alone", action="store_true", help="make the page anew from results, without a run")
    parser.add_argument("--planted", action="store_true", help="add a contestant whose answer is wrong: the run fails")
    return parser.parse_args()


def measured(question: Question, scratch: Path, workload: Workload, rounds: int | None) -> list[dict[str, Any]]:
    """One question asked of all: a cold run each, the answers compared, then warm runs in turn; one row a contestant.

    Raises:
        WrongAnswer: a contestant answers otherwise than the first.
    """
    workload = replace(workload, with_spread=question.with_spread)
    files = workload.files(question.rows, scratch)
    print(f"{question.title}", file=sys.stderr, flush=True)
    contestants = started(question, files, scratch, workload)
    try:
        with tempfile.TemporaryDirectory() as folder:
            compare_cold(question, contestants, Path(folder))
        for _ in range(rounds or question.rounds):
            for contestant in contestants:
                contestant.warm.append(contestant.worker.ask(contestant.name, answer=None, evict=False))
    finally:
        for worker in {id(one.worker): one.worker for one in contestants}.values():
            worker.close()
    rows = [result(question, contestant, files, workload) for contestant in contestants]
    for row in rows:
        print(told(row), file=sys.stderr, flush=True)
    return rows


def started(question: Question, files: list[Path], scratch: Path, workload: Workload) -> list[Contestant]:
    """The contestants of a question, each in a process of its own, or with those that share its library."""
    contestants = []
    for family, names in question.entries:
        groups = [names] if question.is_shared else [(name,) for name in names]
        for group in groups:
            worker = Worker(family, question, files, scratch, workload)
            contestants += [Contestant(worker, name) for name in group]
    for contestant in contestants:
        if not contestant.worker.about:
            contestant.worker.ready()
    return contestants


def compare_cold(question: Question, contestants: list[Contestant], folder: Path) -> None:
    """The first run of each, from cold files, and the comparison of what it answers."""
    reference: Answer | None = None
    for place, contestant in enumerate(contestants):
        path = folder / f"{place}.npz"
        evict = question.storage == "parquet"
        contestant.cold = contestant.worker.ask(contestant.name, answer=path, evict=evict)
        if not path.exists():
            continue
        answer = Answer.read(path)
        contestant.checksum = answer.checksum
        if reference is not None:
            try:
                contestant.difference = refuse_other(answer, reference)
            except WrongAnswer as error:
                name = f"{contestant.worker.family} {contestant.name}"
                raise WrongAnswer(f"{question.title}: {name} is wrong: {error}") from None
        if reference is None or (reference.percentiles is None and answer.percentiles is not None):
            reference = answer


def result(question: Question, contestant: Contestant, files: list[Path], workload: Workload) -> dict[str, Any]:
    """What was measured of a contestant."""
    runs = contestant.warm
    return {
        "question": question.name,
        "storage": question.storage,
        "family": contestant.worker.family,
        "contestant": contestant.name,
        "versions": contestant.worker.about["versions"],
        "row_count": question.rows,
        "group_count": workload.sites,
        "path_count": len(MEASURES) * len(CHIPS) * len(YEARS),
        "target_count": len(TARGETS),
        "draw_count": 1024 if contestant.name in ("core", *RERATED, "added", "per_row") else 1,
        "round_count": len(runs),
        "cold_seconds": round(contestant.cold["seconds"], 6),
        "warm_seconds": round(statistics.median(run["seconds"] for run in runs), 6),
        "fastest_seconds": round(min(run["seconds"] for run in runs), 6),
        "processor_seconds": round(statistics.median(run["cpu_seconds"] for run in runs), 6),
        "load_seconds": round(contestant.worker.about["load_seconds"], 3),
        "peak_memory_bytes": max(run["peak_bytes"] for run in [contestant.cold, *runs]),
        "scanned_bytes": scanned_bytes(question, files),
        "checksum": contestant.checksum,
        "largest_difference": "" if contestant.difference is None else f"{contestant.difference:.1e}",
        **machine(),
    }


def scanned_bytes(question: Question, files: list[Path]) -> int:
    """The bytes of the columns that the question needs, as they are stored."""
    if question.storage == "memory":
        return MEMORY_BYTES_PER_ROW * question.rows
    import pyarrow.parquet as pq

    total = 0
    for path in files:
        metadata = pq.read_metadata(path)
        scanned = (*SCANNED, "low", "high") if question.with_spread else SCANNED
        places = [place for place, column in enumerate(metadata.schema) if column.name in scanned]
        for group in range(metadata.num_row_groups):
            total += sum(metadata.row_group(group).column(place).total_compressed_size for place in places)
    return total


def machine() -> dict[str, Any]:
    """What the run ran on, without its name."""
    import psutil

    return {
        "core_count": os.cpu_count(),
        "machine_memory_gb": round(psutil.virtual_memory().total / 1e9),
        "processor": processor_name(),
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "load_average": round(os.getloadavg()[0], 1),
    }


def processor_name() -> str:
    """The model of the processor as the system calls it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def append(path: Path, rows: list[dict[str, Any]]) -> None:
    """Add results to the file, which is begun with its header where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        if is_new:
            writer.writeheader()
        writer.writerows(rows)


def told(row: dict[str, Any]) -> str:
    """A result as a line of progress."""
    name = f"{row['family']} {row['contestant']}"
    memory = row["peak_memory_bytes"] / 1e9
    return f"  {name:24} {row['warm_seconds']:10.3f} s  {row['processor_seconds']:10.3f} s of cores  {memory:6.2f} GB"


if __name__ == "__main__":
    start = time.perf_counter()
    main()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = f"{used.ru_utime + used.ru_stime:.0f} s of cores"
    print(f"bench: done in {time.perf_counter() - start:.0f} s, {worked}", file=sys.stderr)
