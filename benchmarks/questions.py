"""What is asked of whom, over how many rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

BY_HAND = ("joined", "bucketed", "numbered")
LABELS = {
    "duckdb": "DuckDB",
    "polars": "Polars",
    "chdb": "chDB",
    "datafusion": "DataFusion",
    "spark": "Spark",
    "pandas": "pandas",
    "pint_pandas": "pint-pandas",
    "numpy": "NumPy",
    "squigglepy": "squigglepy",
    "plain_sum": "plain sum of",
    "planted": "planted",
}
RERATED = ("rerated_one", "rerated")
NAMES = {
    "intervals": "full intervals, rows in memory",
    "pandas": "full intervals beside pandas, rows in memory",
    "units": "full intervals beside pint-pandas, rows in memory",
    "per_row": "full intervals beside NumPy row by row, rows in memory",
    "squiggled": "full intervals beside squigglepy row by row, rows in memory",
    "bandwidth": "a plain sum, which the memory allows",
    "parquet": "full intervals from Parquet",
    "cluster": "full intervals from Parquet on Spark",
    "uncertain": "full intervals of amounts with low and high, from Parquet",
    "kept": "kept buckets of Parquet files",
}


@dataclass(frozen=True)
class Question:
    """Contestants that answer the same over the same rows, interleaved.

    The first contestant's answer is what the others must give.
    """

    name: str
    storage: str
    rows: int
    entries: tuple[tuple[str, tuple[str, ...]], ...]
    rounds: int = 3
    with_spread: bool = False  # whether amounts have a low and a high
    is_shared: bool = True  # whether contestants of one library share a process and its rows

    @property
    def title(self) -> str:
        """What is asked, in words."""
        return f"{NAMES[self.name]}, {self.rows:,} rows"


def questions(largest: int, in_memory: int) -> list[Question]:
    """The questions of a full run, small ones first.

    Args:
        largest: rows of the largest set of Parquet files.
        in_memory: rows of the set that is held in memory.
    """
    small = ("joined", "core")
    few, kept = min(in_memory, 10_000_000), min(largest, 100_000_000)
    added = ("added",) if kept > few else ()  # a file more than one
    asked = [
        Question("squiggled", "memory", 500, (("duckdb", small), ("squigglepy", ("per_row",)))),
        Question("per_row", "memory", 200_000, (("duckdb", small), ("numpy", ("per_row",)))),
        Question("units", "memory", 1_000_000, (("duckdb", small), ("pint_pandas", ("units",)))),
        Question(
            "pandas",
            "memory",
            min(in_memory, 2 * few),
            (
                ("duckdb", (*BY_HAND, "core")),
                ("polars", ("core", "joined", "bucketed", "coded")),
                ("pandas", ("merged", "numbered")),
            ),
            rounds=2,
        ),
        Question("bandwidth", "memory", in_memory, (("plain_sum", ("amounts", "columns")),)),
        # One engine after the other, so that the rows stand in memory once.
        Question("intervals", "memory", in_memory, (("duckdb", ("joined", "numbered", "core", *RERATED)),), rounds=4),
        Question("intervals", "memory", in_memory, (("polars", ("joined", "core")),), rounds=2),
        Question("kept", "parquet", kept, (("duckdb", ("core", *RERATED, *added)),), rounds=2),
        Question(
            "uncertain", "parquet", few, (("duckdb", ("core",)), ("polars", ("core",))), rounds=2, with_spread=True
        ),
        Question("cluster", "parquet", few, (("duckdb", small), ("spark", small)), rounds=1),
    ]
    sizes = [rows for rows in (100_000, 1_000_000, 10_000_000, 100_000_000, 300_000_000) if rows <= largest]
    return [*asked, *(_from_parquet(rows) for rows in sizes)]


def _from_parquet(rows: int) -> Question:
    """The core on both engines and what is written by hand, where it answers in time."""
    few, many = 10_000_000, 100_000_000
    small = ("joined", "core")
    everyone = (
        [("duckdb", small), ("polars", small)] if rows <= many else [("duckdb", ("core",)), ("polars", ("core",))]
    )
    if rows == few:
        everyone += [("chdb", ("joined",)), ("datafusion", ("joined",))]
    rounds = 1 if rows >= many else 3
    return Question("parquet", "parquet", rows, tuple(everyone), rounds=rounds, is_shared=False)


def smoke_questions() -> list[Question]:
    """Every contestant once over rows that take no time, but for Spark, whose start takes long."""
    rows = 20_000
    return [
        Question("squiggled", "memory", 100, (("duckdb", ("joined",)), ("squigglepy", ("per_row",))), rounds=1),
        Question(
            "intervals",
            "memory",
            rows,
            (
                ("duckdb", (*BY_HAND, "core", *RERATED)),
                ("polars", ("core", "joined", "bucketed", "coded")),
                ("pandas", ("merged", "numbered")),
                ("pint_pandas", ("units",)),
                ("numpy", ("per_row",)),
            ),
            rounds=1,
        ),
        Question("bandwidth", "memory", rows, (("plain_sum", ("amounts", "columns")),), rounds=1),
        Question("kept", "parquet", rows, (("duckdb", ("core", "rerated")),), rounds=1),
        Question(
            "uncertain", "parquet", rows, (("duckdb", ("core",)), ("polars", ("core",))), rounds=1, with_spread=True
        ),
        replace(_from_parquet(10_000_000), rows=rows, rounds=1, is_shared=True),
    ]
