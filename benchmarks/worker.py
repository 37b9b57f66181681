"""A process that holds the rows of one contestant, or of two that share a library, and answers when it is asked.

It reads one JSON line per question on standard input and writes one per answer; peaks of memory are its own.
"""

from __future__ import annotations

import gc
import importlib
import importlib.metadata
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import psutil

FAMILIES = {
    "duckdb": ("databases", "DuckDB", ("duckdb",)),
    "polars": ("frames", "Polars", ("polars",)),
    "spark": ("databases", "Spark", ("pyspark",)),
    "chdb": ("databases", "ChDB", ("chdb",)),
    "datafusion": ("databases", "DataFusion", ("datafusion",)),
    "pandas": ("frames", "Pandas", ("pandas",)),
    "pint_pandas": ("frames", "PintPandas", ("pint-pandas", "pint")),
    "numpy": ("frames", "NumPy", ("numpy",)),
    "squigglepy": ("frames", "Squigglepy", ("squigglepy",)),
    "plain_sum": ("frames", "PlainSum", ("numpy",)),
    "planted": ("frames", "Planted", ("polars",)),
}
THREADS = 2
THREAD_SETTINGS = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")


def main() -> None:
    """Hold the rows, say so, and answer until the input ends."""
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what a library prints is no reply
    request = json.loads(sys.argv[1])
    module, name, distributions = FAMILIES[request["family"]]
    from workload import Workload, kept_rates

    start = time.perf_counter()
    scratch = Path(request["scratch"])
    files = [Path(path) for path in request["files"]]
    family = getattr(importlib.import_module(module), name)(
        files, kept_rates(scratch), request["storage"], Workload(**request["workload"])
    )
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in distributions)
    print(json.dumps({"versions": versions, "load_seconds": time.perf_counter() - start}), file=replies)
    for line in sys.stdin:
        print(json.dumps(asked(family, json.loads(line), files)), file=replies)


def asked(family: Any, question: dict[str, Any], files: list[Path]) -> dict[str, Any]:
    """One measured answer, written to a file where that is wanted."""
    if question["evict"]:
        for path in files:
            evict(path)
    contestant = family.contestants[question["contestant"]]
    if hasattr(family, "kept"):
        family.kept.prepare(question["contestant"])
    gc.collect()
    reset_peak()
    cpu, start = processor_seconds(), time.perf_counter()
    found = contestant()
    seconds, cpu = time.perf_counter() - start, processor_seconds() - cpu
    reply = {"seconds": seconds, "cpu_seconds": cpu, "peak_bytes": peak_bytes()}
    if question["answer"]:
        answer = family.read(found)
        if answer is not None:
            answer.save(Path(question["answer"]))
    return reply


def processor_seconds() -> float:
    """Seconds that the cores have worked for this process and those that it has started."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    times = [child.cpu_times() for child in _children()]
    return used.ru_utime + used.ru_stime + sum(time.user + time.system for time in times)


def _children() -> list[psutil.Process]:
    """The processes that this one has started, such as the machine of Spark."""
    return psutil.Process().children(recursive=True)


def reset_peak() -> None:
    """Forget the peak of memory so far, where the system can (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def peak_bytes() -> int:
    """The largest resident memory [byte], mapped files too, since the peak was forgotten, else since the start."""
    peaks = [_peak_of(str(process)) for process in ("self", *(child.pid for child in _children()))]
    if peaks[0]:
        return sum(peaks)
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _peak_of(process: str) -> int:
    """The largest resident memory [byte] of a process; 0 where the system does not say."""
    try:
        for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def evict(path: Path) -> None:
    """Drop a file from the system's cache, where it can, so that a cold run reads the disk."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


if __name__ == "__main__":
    for setting in THREAD_SETTINGS:
        os.environ.setdefault(setting, str(THREADS))
    main()
