"""Contestants that speak SQL: DuckDB with the core, chDB and DataFusion; each holds the rows and answers by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from answers import Answer, answer_of
from core import Kept, Rated, core_answer, full_intervals
from workload import CHIPS, MEASURES, TARGETS, Rates, Workload

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

THREADS = 2


def by_hand(name: str) -> str:
    """The text of a query that is written by hand."""
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")


class DuckDB:
    """The core on DuckDB, and the point estimate by hand in three forms."""

    reads = ("memory", "parquet")

    def __init__(self, files: list[Path], rates: Rates, storage: str, workload: Workload) -> None:
        """Hold the rows: in memory with texts as enumerations, or as a view of Parquet files."""
        self.connection = duckdb.connect(config={"threads": THREADS})
        self.connection.execute("set enable_progress_bar = false")
        self.files = [str(path) for path in files]
        frame: Any = self.connection.read_parquet(self.files)
        frame.create_view("posting_file")
        self.connection.register("rate_frame", _rate_table(rates))
        self.storage = storage
        self.kept = Kept(self.source, "duckdb", self.files)
        if storage == "memory":
            self._fill(workload)
        else:
            self.connection.execute("create view posting as from posting_file")
            self.connection.execute("create table rate as from rate_frame")
        self.connection.execute("create table path as select measure, chip, year, path::utinyint as path from rate")

    def _fill(self, workload: Workload) -> None:
        """Read the rows into memory, as one would who asks more than once."""
        for name, values in (("site", workload.site_names), ("measure", MEASURES), ("chip", CHIPS)):
            listed = ", ".join(f"'{value}'" for value in values)
            self.connection.execute(f"create type {name}_name as enum ({listed})")
        named = "measure::measure_name as measure, chip::chip_name as chip"
        self.connection.execute(f"create table rate as select * replace ({named}) from rate_frame")
        self.connection.execute(
            f"create table posting as select * replace (site::site_name as site, {named}) from posting_file"
        )

    @property
    def contestants(self) -> dict[str, Callable[[], Any]]:
        """What is asked of it by name."""
        return {
            **self.kept.contestants,
            "core": self.core,
            "joined": lambda: self.point_estimate("joined"),
            "bucketed": lambda: self.point_estimate("bucketed"),
            "numbered": lambda: self.point_estimate("numbered", perfect_ht_threshold=24),
        }

    def source(self) -> Any:
        """What the core reads."""
        return self.connection.table("posting") if self.storage == "memory" else self.files

    def core(self) -> Any:
        """Full intervals by the core."""
        return full_intervals(self.source(), "duckdb")

    def point_estimate(self, name: str, perfect_ht_threshold: int = 12) -> pa.Table:
        """Means alone by SQL, with the room for a hash table without collisions [bit] that is wanted."""
        self.connection.execute(f"set perfect_ht_threshold = {perfect_ht_threshold}")
        try:
            return self.connection.sql(by_hand(name)).to_arrow_table()
        finally:
            self.connection.execute("reset perfect_ht_threshold")

    def read(self, found: Any) -> Answer:
        """The answer in what a contestant returns."""
        return core_answer(found) if isinstance(found, Rated) else arrow_answer(found)


class Spark:
    """The core on Spark in this process, on two cores, and the point estimate by hand."""

    reads = ("parquet",)

    def __init__(self, files: list[Path], rates: Rates, storage: str, workload: Workload) -> None:
        """Start Spark with a view of the files and a table of the rates."""
        import warnings

        from pyspark.sql import SparkSession

        del storage, workload
        warnings.simplefilter("ignore")
        builder = SparkSession.builder.master(f"local[{THREADS}]").config("spark.ui.enabled", "false")
        builder = builder.config("spark.ui.showConsoleProgress", "false").config("spark.log.level", "ERROR")
        self.session = builder.config("spark.sql.shuffle.partitions", str(THREADS)).getOrCreate()
        self.files = [str(path) for path in files]
        self.session.read.parquet(*self.files).createOrReplaceTempView("posting")
        self.session.createDataFrame(_rate_table(rates)).cache().createOrReplaceTempView("rate")

    @property
    def contestants(self) -> dict[str, Callable[[], Any]]:
        """What is asked of it by name."""
        return {"core": self.core, "joined": lambda: self.session.sql(by_hand("joined")).toArrow()}

    def core(self) -> Rated:
        """Full intervals by the core."""
        return full_intervals(self.files, "spark", spark=self.session)

    def read(self, found: Any) -> Answer:
        """The answer in what a contestant returns."""
        return core_answer(found) if isinstance(found, Rated) else arrow_answer(found)


class ChDB:
    """The point estimate by hand on ClickHouse, over Parquet files."""

    reads = ("parquet",)

    def __init__(self, files: list[Path], rates: Rates, storage: str, workload: Workload) -> None:
        """Hold a view of the files and a table of the rates."""
        import pyarrow.parquet as pq
        from chdb import session

        del storage, workload
        folder = files[0].parent
        self.session = session.Session()
        self.session.query(f"set max_threads = {THREADS}")
        self.session.query("create database if not exists bench engine = Atomic")
        self.session.query("use bench")
        rate_file = folder / "rate.parquet"
        pq.write_table(_rate_table(rates), rate_file)
        names = ",".join(path.name for path in files)
        pattern = str(folder / (f"{{{names}}}" if len(files) > 1 else names))
        self.session.query(f"create table rate engine = Memory as select * from file('{rate_file}', Parquet)")
        self.session.query(f"create view posting as select * from file('{pattern}', Parquet)")

    @property
    def contestants(self) -> dict[str, Callable[[], Any]]:
        """What is asked of it by name."""
        return {name: lambda name=name: self.point_estimate(name) for name in ("joined", "bucketed")}

    def point_estimate(self, name: str) -> pa.Table:
        """Means alone by SQL."""
        import pyarrow as pa

        return pa.ipc.open_file(self.session.query(by_hand(name), "Arrow").bytes()).read_all()

    def read(self, found: pa.Table) -> Answer:
        """The answer in what a contestant returns."""
        return arrow_answer(found)


class DataFusion:
    """The point estimate by hand on DataFusion, over Parquet files."""

    reads = ("parquet",)

    def __init__(self, files: list[Path], rates: Rates, storage: str, workload: Workload) -> None:
        """Hold the files as a table that is read anew each time, and the rates."""
        from datafusion import SessionConfig, SessionContext
        from pyarrow import dataset

        del storage, workload
        self.context = SessionContext(SessionConfig().with_target_partitions(THREADS))
        self.context.from_arrow(_rate_table(rates), name="rate")
        if len(files) == 1:
            self.context.register_parquet("posting", str(files[0]))
        else:
            self.context.register_dataset("posting", dataset.dataset([str(path) for path in files]))

    @property
    def contestants(self) -> dict[str, Callable[[], Any]]:
        """What is asked of it by name."""
        return {name: lambda name=name: self.point_estimate(name) for name in ("joined", "bucketed")}

    def point_estimate(self, name: str) -> pa.Table:
        """Means alone by SQL."""
        return self.context.sql(by_hand(name)).to_arrow_table()

    def read(self, found: pa.Table) -> Answer:
        """The answer in what a contestant returns."""
        return arrow_answer(found)


def arrow_answer(found: pa.Table) -> Answer:
    """The answer in a table of one row per site."""
    names = [value.decode() if isinstance(value, bytes) else value for value in found["site"].to_pylist()]
    return answer_of(names, [found[target].to_numpy() for target in TARGETS])


def _rate_table(rates: Rates) -> pa.Table:
    """The mean rates, one row per path."""
    import pyarrow as pa

    table = pa.table(rates.table())
    return table.set_column(table.column_names.index("year"), "year", table["year"].cast("int32"))
