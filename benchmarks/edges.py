"""How long the ledger takes to reach other programs: build, exports, examples in the shell, a table of many postings.

    python benchmarks/edges.py [--repeats 5] [--postings 10_000_000]

Medians of whole commands, started anew each time; the postings are made up, kept in a DuckDB file, and written by the
same function as those of a ledger, in a process whose peak memory is told.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from gigaledger.export.star import write_rows
from gigaledger.ledger import open_ledger
from gigaledger.paths import sql_folder

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = ("parquet", "xlsx", "beancount", "hledger")
_MADE_UP = """
create table posting as
select
    concat('pledge.deal-', lpad((place // 28)::varchar, 8, '0')) as entry_id,
    'pledge' as entry_kind,
    '2026-01-01'::date + (place % 300)::integer as posted_on,
    case when place % 2 = 0 then 'pledged' else 'unidentified' end as account,
    concat('programme-', (place // 28) % 500) as programme_id,
    concat('deal-', lpad((place // 28)::varchar, 8, '0')) as deal_id,
    null::varchar as site_id,
    null::varchar as stage,
    concat('measure-', lpad(((place // 2) % 14)::varchar, 2, '0')) as measure,
    'MW' as unit,
    case when place % 2 = 0 then -1.0 else 1.0 end * (1 + (place // 2) % 997) as amount_mean,
from range($1) as made_up (place)
order by hash(place)
"""


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--postings", type=int, default=10_000_000)
    parser.add_argument("--only-postings", action="store_true")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not chosen.only_postings:
            time_commands(folder, chosen.repeats)
        seconds, peak_gb, rows = timed_postings(folder, chosen.postings)
        print(f"{rows:,} postings to Parquet: {seconds:.1f} s, peak {peak_gb:.2f} GB")


def time_commands(folder: Path, repeats: int) -> None:
    """Print the medians of build, of every format, and of every example in the shell."""
    command = [sys.executable, "-c", "from gigaledger.cli import main; main()"]
    file = folder / "ledger.duckdb"
    print(f"build: {median(repeats, lambda: run([*command, 'build', file])):.2f} s, {file.stat().st_size / 1e6:.1f} MB")
    for name in FORMATS:
        target = folder / name
        seconds = median(repeats, lambda target=target, name=name: exported(command, target, name))
        size = sum(path.stat().st_size for path in target.iterdir())
        print(f"export --format {name}: {seconds:.2f} s, {size / 1e6:.1f} MB")
    shell = shutil.which("duckdb", path=str(Path(sys.executable).parent)) or shutil.which("duckdb") or "duckdb"
    nothing = median(repeats, lambda: run([shell, "-readonly", file, "-c", "select 1"]))
    for example in sorted((sql_folder() / "examples").glob("*.sql")):
        seconds = median(repeats, lambda example=example: run([shell, "-readonly", file, "-f", example])) - nothing
        print(f"{example.name}: {1000 * seconds:.0f} ms beyond the start of the shell")


def median(repeats: int, action: Callable[[], object]) -> float:
    """The median time of an action [s]."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def run(command: list[str | Path]) -> None:
    """Run a command that must succeed."""
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - the project's own command line


def exported(command: list[str], target: Path, name: str) -> None:
    """Export into a folder that is not there yet."""
    shutil.rmtree(target, ignore_errors=True)
    run([*command, "export", target, "--format", name])


def timed_postings(folder: Path, count: int) -> tuple[float, float, int]:
    """Seconds, peak memory [GB] and rows of writing made-up postings as `fact_posting.parquet`."""
    with duckdb.connect(str(folder / "postings.duckdb")) as connection:
        connection.execute(_MADE_UP, [count])
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_write_postings, (folder, count))


def _write_postings(folder: Path, count: int) -> tuple[float, float, int]:
    """Write the postings, in a process of its own."""
    ledger = open_ledger()
    ledger.install("star")
    ledger.connection.execute(f"attach '{folder / 'postings.duckdb'}' as made_up (read_only)")
    ledger.connection.execute("create or replace view posting as select * from made_up.posting")
    start = time.perf_counter()
    rows = write_rows(ledger, folder, "fact_posting")
    seconds = time.perf_counter() - start
    if rows != count:
        message = f"{rows} rows were written, expected {count}"
        raise AssertionError(message)
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, rows


if __name__ == "__main__":
    main()
