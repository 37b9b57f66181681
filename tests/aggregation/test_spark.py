"""Spark gives the answer of DuckDB: a classic cluster of two executors, and Spark Connect (Sail)."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from postings import postings

import gigaledger

if TYPE_CHECKING:
    from collections.abc import Iterator

BY = ["state", "site", "on_date:month"]
TO = ["chips", "it_power", "cloud_spend"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # PySpark leaves sockets to the garbage collector
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]


@pytest.fixture(scope="module")
def sail() -> Iterator[str]:
    """The address of a Sail server."""
    script = Path(__file__).with_name("sail_server.py")
    with subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        yield server.stdout.readline().strip()
        server.stdin.close()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A session of a cluster of two executors, each a process of its own."""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.executor.memory", "512m")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Postings with all that may stand in them, as hive-partitioned Parquet."""
    rows = postings(3000).with_columns(
        site=pl.when(pl.col("year") > 2023).then("site"),
        amount=pl.when(pl.col("year") == 2024).then(-1.0).when(pl.col("year") == 2025).then(0.0).otherwise("amount"),
    )
    found = tmp_path_factory.mktemp("postings")
    rows.write_parquet(pl.PartitionBy(found, key=["state"]), mkdir=True)
    return found


def test_spark_connect_gives_the_answer_of_duckdb(sail: str, folder: Path) -> None:
    answer = gigaledger.aggregate(folder, by=BY, to=TO, engine="spark", master=sail)
    assert_frame_equal(answer, gigaledger.aggregate(folder, by=BY, to=TO), rel_tol=1e-9, abs_tol=1e-9)


def test_spark_connect_sums_uncertain_rows(sail: str, tmp_path: Path) -> None:
    rows = postings(500).with_columns(low=pl.col("amount") * 0.5, high=pl.col("amount") * 3)
    rows.write_parquet(tmp_path / "rows.parquet")
    answer = gigaledger.aggregate(tmp_path, by=BY, to=TO, engine="spark", master=sail)
    assert_frame_equal(answer, gigaledger.aggregate(tmp_path, by=BY, to=TO), rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.needs("java")
def test_cluster_of_two_executors_gives_the_answer_of_duckdb(cluster: Any, folder: Path) -> None:
    answer = gigaledger.aggregate(folder, by=BY, to=TO, engine="spark", spark=cluster)
    assert_frame_equal(answer, gigaledger.aggregate(folder, by=BY, to=TO), rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.needs("java")
def test_session_that_runs_is_not_taken_for_another_cluster(cluster: Any, folder: Path) -> None:
    with pytest.raises(gigaledger.GigaledgerError, match="pass it with spark= instead of master="):
        gigaledger.aggregate(folder, engine="spark", master="local[1]")
    assert cluster.range(3).count() == 3


@pytest.mark.needs("java")
def test_filter_on_a_hive_key_reads_its_partition_alone(cluster: Any, folder: Path) -> None:
    rows = cluster.read.parquet(str(folder)).filter("state = 'TX'")
    plan = rows._jdf.queryExecution().executedPlan().toString()
    assert "PartitionFilters: [isnotnull(state" in plan
    answer = gigaledger.aggregate(rows, by=["site"], to="chips", engine="spark")
    alone = gigaledger.aggregate(folder / "state=TX", by=["site"], to="chips")
    assert_frame_equal(answer, alone, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.needs("java")
def test_executor_that_is_killed_midway_does_not_change_the_answer(cluster: Any) -> None:
    # A hash of each row takes time, so that there is a midway; it is 64 letters long and changes nothing.
    rows = cluster.range(0, 2_000_000, numPartitions=40).selectExpr(
        "concat('site-', id % 7) as site",
        "element_at(array('chips', 'it_power', 'cloud_spend'), cast(id % 3 as int) + 1) as measure",
        "'gb300' as chip",
        "cast(2025 + id % 2 as int) as year",
        "cast(id % 1000 + length(sha2(cast(id as string), 256)) - 64 as double) as amount",
    )
    place = pl.int_range(2_000_000)
    calm = pl.select(
        site=pl.lit("site-") + (place % 7).cast(pl.String),
        measure=pl.lit(pl.Series(["chips", "it_power", "cloud_spend"])).gather(place % 3),
        chip=pl.lit("gb300"),
        year=2025 + place % 2,
        amount=(place % 1000).cast(pl.Float64),
    )
    killed: list[int] = []
    killer = threading.Thread(target=_kill_an_executor_midway, args=(cluster, killed))
    killer.start()
    answer = gigaledger.aggregate(rows, by=["site"], to=TO, engine="spark")
    killer.join()
    assert killed, "no executor was killed while tasks ran"
    assert_frame_equal(answer, gigaledger.aggregate(calm, by=["site"], to=TO), rel_tol=1e-9, abs_tol=0)


def _kill_an_executor_midway(cluster: Any, killed: list[int]) -> None:
    """Kill one executor once some tasks are done and others run."""
    tracker = cluster.sparkContext.statusTracker()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not killed:
        for stage in map(tracker.getStageInfo, tracker.getActiveStageIds()):
            if stage is not None and 0 < stage.numCompletedTasks < stage.numTasks - 10:
                executor = _executors_of(os.getpid())[0]
                os.kill(executor, signal.SIGKILL)
                killed.append(executor)
                return
        time.sleep(0.02)


def _executors_of(ancestor: int) -> list[int]:
    """The processes of executors below a process."""
    import psutil

    children = psutil.Process(ancestor).children(recursive=True)
    found = []
    for child in children:
        with contextlib.suppress(psutil.Error):  # a process that has just ended has no command
            if any("CoarseGrainedExecutorBackend" in part for part in child.cmdline()):
                found.append(child.pid)
    return found


def test_cluster_that_is_not_there_is_named() -> None:
    with pytest.raises(gigaledger.GigaledgerError, match=r"sc://127\.0\.0\.1:1: no cluster answers at 127\.0\.0\.1:1"):
        gigaledger.aggregate(postings(1), engine="spark", master="sc://127.0.0.1:1")
    with pytest.raises(gigaledger.GigaledgerError, match="needs a cluster: pass spark= with a session"):
        gigaledger.aggregate(postings(1), engine="spark")


def test_rows_that_spark_cannot_read_are_told_in_one_sentence(sail: str, tmp_path: Path) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 this is no Parquet file PAR1")
    with pytest.raises(gigaledger.GigaledgerError, match=r"broken\.parquet cannot be read as Parquet") as refusal:
        gigaledger.aggregate(tmp_path, engine="spark", master=sail)
    assert "\n" not in str(refusal.value)
