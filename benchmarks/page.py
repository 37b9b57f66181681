"""The page of the results, `README.md` with its charts: made from the newest result of each contestant."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from charts import memory_chart, scaling_chart, speed_chart
from questions import LABELS, NAMES

if TYPE_CHECKING:
    from pathlib import Path

NUMBERS = (
    "row_count",
    "cold_seconds",
    "warm_seconds",
    "fastest_seconds",
    "processor_seconds",
    "peak_memory_bytes",
    "scanned_bytes",
    "load_average",
)
NANOSECONDS = 1e9


def write_page(results: Path, folder: Path) -> None:
    """Write README.md and its charts into a folder from the file of results."""
    rows = newest(results)
    speed_chart(rows).save(folder / "speed.svg")
    scaling_chart(rows).save(folder / "scaling.svg")
    memory_chart(rows).save(folder / "memory.svg")
    parts = [
        INTRODUCTION,
        machine_text(rows),
        "## The core beside its limits and its peers\n",
        LIMIT_TEXT,
        limit_table(rows),
        PEER_TEXT,
        peer_table(rows),
        "![Processor time per row of every contestant](speed.svg)\n",
        "## How time and memory grow\n",
        scaling_table(rows),
        "![Processor time over rows](scaling.svg)\n",
        "![Peak memory over rows](memory.svg)\n",
        kept_text(rows),
        "## Every contestant\n",
        CONTESTANT_TEXT,
        *(contestant_table(rows, name) for name in NAMES),
        METHOD,
    ]
    (folder / "README.md").write_text("\n".join(part for part in parts if part), encoding="utf-8")


INTRODUCTION = """\
# The aggregation core, measured

Made by `python benchmarks/bench.py` (`make bench`) from `results.csv`; `--page-alone` makes it anew without a run. Do
not edit.

Postings of 1,000 sites over 200 rate paths (5 measures, 8 chips, 5 years) are totalled by site in 8 target measures.
The core gives mean, 5th, 50th and 95th percentile from 1,024 draws; the others, but for the Monte Carlo row by row,
give the mean alone, by the mean rates, which they find ready.
"""

LIMIT_TEXT = """\
What one would write by hand for the mean alone is the limit: the core answers with full intervals over the same rows,
in turn with it. *Time*: of the core over that of the other; *of cores*: the same for processor time, which other work
on the machine moves less.
"""

PEER_TEXT = """\
*Time* and *of cores*: of the peer over that of the core on DuckDB for the same rows. *A row*: the peer's processor
time per row over that of the core on its largest set in memory, since fixed costs (assumptions, draws, percentiles)
weigh more where rows are few.
"""

CONTESTANT_TEXT = """\
Warm: the median of the rounds. Cores: seconds of processor time, which other work on the machine moves less.
Difference: the largest relative difference from the first answer (totals, and percentiles where both give them).
"""

METHOD = """\
## How it is measured

- Each contestant runs in a process of its own with two threads; where rows are held in memory, those that share a
  library share the rows. Contestants take turns, so that what else the machine does hits all alike.
- Before a time counts, the answer is compared: 1e-9 relative for totals and percentiles, six standard errors for
  squigglepy, which draws anew. A wrong answer fails the run.
- Rows in memory hold site, measure and chip as enumerations (categories), as one would who asks more than once:
  16 bytes a row. Parquet files hold texts, in row groups of a million, compressed with zstd; a cold run starts after
  the files were dropped from the system's cache.
- *joined*: every row meets its rates, then eight sums. *bucketed*: sums by site and path first, then the rates.
  *numbered*: a small number per path joined first, on DuckDB with `perfect_ht_threshold` raised. *coded*: one number
  made of the codes of all keys. The limit is the fastest of them.
- NumPy row by row multiplies each row by the 8 x 1,024 draws of its path, sorted by site beforehand and in chunks that
  stay in the cache; squigglepy samples a log-normal per row and target. Both run over as many rows as take seconds.
- The plain sum adds up the same 16 bytes a row as 8-byte words: what the memory allows.
- Peak memory is that of the process, with the rows that it holds.
- The workload is kept between runs in a scratch folder (`--scratch`), named by a checksum of its parameters.
"""


def newest(results: Path) -> list[dict[str, Any]]:
    """The newest result of each question, contestant and number of rows, with numbers as numbers."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    with results.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = tuple(row[name] for name in ("question", "family", "contestant", "row_count"))
            found[key] = {**row, **{name: float(row[name]) for name in NUMBERS}, "label": label(row)}
    return sorted(found.values(), key=lambda row: row["row_count"])


def label(row: dict[str, Any]) -> str:
    """The name of a contestant for readers."""
    family = LABELS[row["family"]]
    if row["contestant"] in ("core", "rerated", "added"):
        words = {"core": "core", "rerated": "core, re-rated", "added": "core, a partition added"}
        return f"{words[row['contestant']]} on {family}"
    return f"{family} {row['contestant'].replace('_', ' ')}"


def machine_text(rows: list[dict[str, Any]]) -> str:
    """What the results ran on."""
    machines = sorted(
        {
            f"{row['core_count']} cores ({row['processor']}), {row['machine_memory_gb']} GB, {row['system']}"
            for row in rows
        }
    )
    loads = [row["load_average"] for row in rows]
    runs = sorted({row["run"][:10] for row in rows})
    text = f"Measured on {', '.join(runs)}: {'; '.join(machines)}. Load average {min(loads):g} to {max(loads):g}"
    if max(loads) > 2 * max(int(row["core_count"]) for row in rows):
        text += (
            ": the machine was\nbusy with other work, which makes seconds several times as many and their ratios "
            "rough; those of\nprocessor time (*of cores*) hold"
        )
    return f"{text}.\n"


def one(rows: list[dict[str, Any]], question: str, family: str, contestant: str) -> dict[str, Any] | None:
    """The result of a contestant over the most rows; none: it was not measured."""
    found = chosen(rows, question, family, contestant)
    return found[-1] if found else None


def chosen(rows: list[dict[str, Any]], question: str, family: str, contestant: str) -> list[dict[str, Any]]:
    """The results of a contestant by number of rows."""
    wanted = (question, family, contestant)
    return [row for row in rows if (row["question"], row["family"], row["contestant"]) == wanted]


def fastest(
    rows: list[dict[str, Any]], question: str, family: str, contestants: tuple[str, ...]
) -> dict[str, Any] | None:
    """The fastest by hand of a family, or of some of it, over its most rows."""
    by_hand = [
        row
        for row in rows
        if row["question"] == question
        and row["family"] == family
        and not row["label"].startswith("core")
        and (not contestants or row["contestant"] in contestants)
    ]
    most = [row for row in by_hand if row["row_count"] == max(other["row_count"] for other in by_hand)]
    return min(most, key=lambda row: row["warm_seconds"], default=None)


def limit_table(rows: list[dict[str, Any]]) -> str:
    """The time of the core over that of its limits."""
    lines = ["| core on | beside | which gives | rows | time | of cores | goal |", "|---|---|---|---:|---:|---:|---|"]
    for question, engine, family, others, gives, goal in LIMITS:
        other = fastest(rows, question, family, others)
        core = same_rows(rows, other, engine) if other else None
        if other and core:
            texts = [LABELS[engine], other["label"], gives, f"{other['row_count']:,.0f}"]
            ratios = [figure(core[name] / other[name]) for name in ("warm_seconds", "processor_seconds")]
            lines.append("| " + " | ".join([*texts, *ratios, goal]) + " |")
    return "\n".join([*lines, ""])


def peer_table(rows: list[dict[str, Any]]) -> str:
    """The time of the peers over that of the core."""
    lines = ["| peer | which gives | rows | time | of cores | a row | goal |", "|---|---|---:|---:|---:|---:|---|"]
    large = one(rows, "intervals", "duckdb", "core")
    for question, family, gives, goal in PEERS:
        peer = fastest(rows, question, family, ())
        core = same_rows(rows, peer, "duckdb") if peer else None
        if peer and core:
            ratios = [figure(peer[name] / core[name]) for name in ("warm_seconds", "processor_seconds")]
            scaled = figure(per_row(peer) / per_row(large)) if large and peer["storage"] == "memory" else ""
            cells = [peer["label"], gives, f"{peer['row_count']:,.0f}", *ratios, scaled, goal]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


# Question, engine of the core, family of the other, which of its contestants (none: all), what it gives, the goal.
LIMITS = (
    ("intervals", "duckdb", "duckdb", ("joined", "bucketed"), "means", "at most 1.25"),
    ("intervals", "duckdb", "duckdb", ("numbered",), "means, by the core's own device", ""),
    ("intervals", "polars", "polars", (), "means", "at most 1.5"),
    ("parquet", "duckdb", "duckdb", (), "means, from Parquet", ""),
    ("parquet", "polars", "polars", (), "means, from Parquet", ""),
    ("intervals", "duckdb", "plain_sum", ("columns",), "a sum of the same bytes", ""),
)
# Question, family of the peer, what it gives, the goal.
PEERS = (
    ("pandas", "pandas", "means", "at least 2 a row"),
    ("units", "pint_pandas", "means, with units", ""),
    ("per_row", "numpy", "full intervals", "at least 30 a row"),
    ("squiggled", "squigglepy", "means of draws", "at least 1,000 a row"),
    ("parquet", "chdb", "means, from Parquet", ""),
    ("parquet", "datafusion", "means, from Parquet", ""),
)


def same_rows(rows: list[dict[str, Any]], other: dict[str, Any], engine: str) -> dict[str, Any] | None:
    """The core's result on an engine for the question and the rows of another contestant."""
    wanted = (other["question"], engine, "core", other["row_count"])
    names = ("question", "family", "contestant", "row_count")
    return next((row for row in rows if tuple(row[name] for name in names) == wanted), None)


def per_row(row: dict[str, Any]) -> float:
    """The processor time per row [ns]."""
    nanoseconds: float = row["processor_seconds"] / row["row_count"] * NANOSECONDS
    return nanoseconds


def scaling_table(rows: list[dict[str, Any]]) -> str:
    """The core from Parquet by number of rows, with its time per row beyond the fixed cost."""
    lines = [
        "The core from Parquet; times per row are of cores. *Per further row*: beyond the smallest set.\n",
        "| engine | rows | warm s | of cores s | ns a row | ns per further row | peak GB | scanned GB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for family in ("duckdb", "polars"):
        found = chosen(rows, "parquet", family, "core")
        for row in found:
            first = found[0]
            further = (
                ""
                if row is first
                else figure(
                    (row["processor_seconds"] - first["processor_seconds"])
                    / (row["row_count"] - first["row_count"])
                    * NANOSECONDS
                )
            )
            lines.append(
                f"| {LABELS[family]} | {row['row_count']:,.0f} | {figure(row['warm_seconds'])} "
                f"| {figure(row['processor_seconds'])} | {figure(per_row(row))} | {further} "
                f"| {figure(row['peak_memory_bytes'] / 1e9)} | {figure(row['scanned_bytes'] / 1e9)} |"
            )
    return "\n".join([*lines, ""])


def kept_text(rows: list[dict[str, Any]]) -> str:
    """What re-rating and adding a partition cost beside the scan."""
    core = one(rows, "kept", "duckdb", "core")
    lines = []
    for name, words in (("rerated", "Rating the kept buckets anew"), ("added", "Adding a partition to kept buckets")):
        row = one(rows, "kept", "duckdb", name)
        if row is not None and core is not None:
            share = row["warm_seconds"] / core["warm_seconds"]
            lines.append(
                f"{words} takes {figure(row['warm_seconds'])} s, {share:.1%} of the {figure(core['warm_seconds'])} s "
                f"of the whole question over {core['row_count']:,.0f} rows of Parquet."
            )
    return "\n".join([*lines, ""]) if lines else ""


def contestant_table(rows: list[dict[str, Any]], question: str) -> str:
    """Every contestant of one question."""
    found = [row for row in rows if row["question"] == question]
    if not found:
        return ""
    lines = [
        f"### {NAMES[question][0].upper()}{NAMES[question][1:]}\n",
        "| contestant | versions | rows | cold s | warm s | of cores s | M rows/s | peak GB | checksum | difference |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in found:
        speed = row["row_count"] / row["warm_seconds"] / 1e6
        numbers = [row["cold_seconds"], row["warm_seconds"], row["processor_seconds"], speed]
        cells = [row["label"], row["versions"], f"{row['row_count']:,.0f}", *map(figure, numbers)]
        cells += [figure(row["peak_memory_bytes"] / 1e9), row["checksum"] or "–", row["largest_difference"] or "–"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


def figure(number: float) -> str:
    """A number with three digits."""
    if number >= 100:  # noqa: PLR2004 - three digits before the point
        return f"{number:,.0f}"
    return f"{number:.3g}"
