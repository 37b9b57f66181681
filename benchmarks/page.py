"""The page of the results, `README.md` with its charts: made from the newest result of each contestant."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import numpy as np
from charts import memory_chart, scaling_chart, speed_chart
from questions import LABELS, NAMES, RERATED

if TYPE_CHECKING:
    from pathlib import Path

FEWEST_OF_LINE = 1e6  # rows from which on time is to be linear
MOST_OF_NO_LINE = 3  # through two sizes any line passes
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
CORE_WORDS = {
    "core": "core",
    "rerated_one": "core, one target re-rated",
    "rerated": "core, every target re-rated",
    "added": "core, a partition added",
}


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
        FAIR_TEXT,
        PEER_TEXT,
        peer_table(rows),
        "![Processor time per row of every contestant](speed.svg)\n",
        "## How time and memory grow\n",
        scaling_table(rows),
        "![Processor time over rows](scaling.svg)\n",
        "![Peak memory over rows](memory.svg)\n",
        "## Kept buckets\n",
        KEPT_TEXT,
        kept_table(rows),
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

FAIR_TEXT = """\
The fair limit is *joined*: the rows as they stand, the rates as a table, one query with nothing but what the question
says. *numbered* is the core's own device written by hand: it finds a table that numbers the 200 paths, sums by site and
number, and needs a setting of DuckDB raised that its manual leaves at 12 bits. Somebody who knows that much about the
engine can write it for one question; it shows what the draws, the percentiles and the checks of the core still cost.
"""

KEPT_TEXT = """\
Buckets that are kept are rated again without a scan. *One target*: an assumption changes that a single target rests on
(`utilisation`); the other seven keep their results. *Every target*: one changes that reaches all eight from amounts of
cloud spend (`billed_share`), so that all percentiles of 8 x 1,000 x 1,024 draws are taken anew. *Share*: of the time of
the whole question over the same rows, in turn with it; the goal is at most 1%.
"""

PEER_TEXT = """\
*Time* and *of cores*: of the peer over that of the core on DuckDB for the same rows. *A row*: the peer's processor
time per row over that of the core on its largest set in memory, since fixed costs (assumptions, draws, percentiles)
weigh more where rows are few.
"""

SCALING_TEXT = """\
The core from Parquet. Its time is that of a scan, linear in the rows, and that of the statistics (8 x 1,000 x 1,024
draws, their percentiles, 200,000 buckets), the same for any number of rows: *off the line* is how far a time is from
the best straight line through all sizes from a million rows on. The goal is 15%.
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
  16 bytes a row. Parquet files hold texts, in row groups of 250,000, compressed with zstd; a cold run starts after
  the files were dropped from the system's cache.
- *joined*: every row meets its rates, then eight sums. *bucketed*: sums by site and path first, then the rates.
  *numbered*: a small number per path joined first, on DuckDB with `perfect_ht_threshold` raised. *coded*: one number
  made of the codes of all keys. The limit is the fastest of them.
- NumPy row by row multiplies each row by the 8 x 1,024 draws of its path, sorted by site beforehand and in chunks that
  stay in the cache; squigglepy samples a log-normal per row and target. Both run over as many rows as take seconds.
- The plain sum adds up the same 16 bytes a row as 8-byte words: what the memory allows.
- Peak memory is that of the process, with the rows that it holds.
- Where the core is asked once, it is `gigaledger.aggregate` without `keep`. The first call in a process also opens the
  ledger of assumptions, which the cold run holds and the warm ones do not.
- Amounts with low and high contribute through their moments; both engines reckon them, and must agree to 1e-9.
- Spark runs in local mode on the same two cores; its processor time and memory include those of its Java machine.
- The workload is kept between runs in a scratch folder (`--scratch`), named by a checksum of its parameters.
"""


def newest(results: Path) -> list[dict[str, Any]]:
    """The results of the newest run of each question, with numbers as numbers."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    with results.open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    runs = {row["question"]: row["run"] for row in read}
    for row in read:
        if row["run"] == runs[row["question"]]:
            key = tuple(row[name] for name in ("question", "family", "contestant", "row_count"))
            found[key] = {**row, **{name: float(row[name]) for name in NUMBERS}, "label": label(row)}
    return sorted(found.values(), key=lambda row: row["row_count"])


def label(row: dict[str, Any]) -> str:
    """The name of a contestant for readers."""
    family = LABELS[row["family"]]
    if row["contestant"] in CORE_WORDS:
        return f"{CORE_WORDS[row['contestant']]} on {family}"
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
    ("intervals", "duckdb", "duckdb", ("joined",), "means", "at most 1.25"),
    ("intervals", "duckdb", "duckdb", ("numbered",), "means, by the core's own device", ""),
    ("intervals", "polars", "polars", ("joined",), "means", "at most 1.5"),
    ("pandas", "duckdb", "duckdb", ("bucketed",), "means, from sums by site and path", ""),
    ("pandas", "polars", "polars", ("coded",), "means, by codes of all keys", ""),
    ("parquet", "duckdb", "duckdb", ("joined",), "means, from Parquet", ""),
    ("parquet", "polars", "polars", ("joined",), "means, from Parquet", ""),
    ("cluster", "spark", "spark", ("joined",), "means, from Parquet", ""),
    ("bandwidth", "duckdb", "plain_sum", ("columns",), "a sum of the same bytes", ""),
)
# Question, family of the peer, what it gives, the goal.
PEERS = (
    ("pandas", "pandas", "means", "at least 2"),
    ("units", "pint_pandas", "means, with units", ""),
    ("per_row", "numpy", "full intervals", "at least 30 a row"),
    ("squiggled", "squigglepy", "means of draws", "at least 1,000 a row"),
    ("parquet", "chdb", "means, from Parquet", ""),
    ("parquet", "datafusion", "means, from Parquet", ""),
)


def same_rows(rows: list[dict[str, Any]], other: dict[str, Any], engine: str) -> dict[str, Any] | None:
    """The core's result on an engine for the question and the rows of another contestant."""
    question = "intervals" if other["question"] == "bandwidth" else other["question"]
    wanted = (question, engine, "core", other["row_count"])
    names = ("question", "family", "contestant", "row_count")
    return next((row for row in rows if tuple(row[name] for name in names) == wanted), None)


def per_row(row: dict[str, Any]) -> float:
    """The processor time per row [ns]."""
    nanoseconds: float = row["processor_seconds"] / row["row_count"] * NANOSECONDS
    return nanoseconds


def scaling_table(rows: list[dict[str, Any]]) -> str:
    """The core from Parquet by number of rows, with how far its time is from a straight line."""
    lines = [SCALING_TEXT]
    head = "| engine | rows | warm s | off the line | of cores s | off the line | ns a row | peak GB | scanned GB |"
    lines += [head, "|---|---:|---:|---:|---:|---:|---:|---:|---:|"]
    sentences = []
    for family in ("duckdb", "polars"):
        found = chosen(rows, "parquet", family, "core")
        fits = {name: line_of(found, name) for name in ("warm_seconds", "processor_seconds")}
        for row in found:
            cells = [LABELS[family], f"{row['row_count']:,.0f}"]
            for name, fit in fits.items():
                cells += [figure(row[name]), off_text(row, name, fit)]
            cells += [
                figure(value) for value in (per_row(row), row["peak_memory_bytes"] / 1e9, row["scanned_bytes"] / 1e9)
            ]
            lines.append("| " + " | ".join(cells) + " |")
        fit = fits["warm_seconds"]
        if fit is not None:
            sentences.append(
                f"On {LABELS[family]}, warm time is {figure(fit[0])} s and {figure(fit[1] * NANOSECONDS)} ns a row."
            )
    return "\n".join([*lines, "", *sentences, ""])


def line_of(rows: list[dict[str, Any]], name: str) -> tuple[float, float] | None:
    """The seconds of no rows and those per row, by least squares of relative deviations from a million rows on."""
    counts = np.array([row["row_count"] for row in rows if row["row_count"] >= FEWEST_OF_LINE])
    seconds = np.array([row[name] for row in rows if row["row_count"] >= FEWEST_OF_LINE])
    if counts.size < MOST_OF_NO_LINE:
        return None
    system = np.column_stack([1 / seconds, counts / seconds])
    fixed, slope = np.linalg.lstsq(system, np.ones(counts.size), rcond=None)[0]
    return float(fixed), float(slope)


def off_text(row: dict[str, Any], name: str, fit: tuple[float, float] | None) -> str:
    """How far the time of a row is from the line [percent]."""
    if fit is None or row["row_count"] < FEWEST_OF_LINE:
        return ""
    return f"{row[name] / (fit[0] + fit[1] * row['row_count']) - 1:+.0%}"


def kept_table(rows: list[dict[str, Any]]) -> str:
    """What re-rating and adding a partition cost beside the whole question."""
    lines = ["| rows | what | s | share of time | share of cores |", "|---|---|---:|---:|---:|"]
    for question, where in (("intervals", "in memory"), ("kept", "from Parquet")):
        core = one(rows, question, "duckdb", "core")
        for name, words in (*zip(RERATED, ("one target", "every target"), strict=True), ("added", "a partition added")):
            row = one(rows, question, "duckdb", name)
            if row is not None and core is not None:
                shares = [f"{row[time] / core[time]:.2%}" for time in ("warm_seconds", "processor_seconds")]
                cells = [f"{core['row_count']:,.0f} {where}", words, figure(row["warm_seconds"]), *shares]
                lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


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
