"""The bucket stage on a Spark cluster, through Spark Connect or a classic master; only the buckets come back."""

from __future__ import annotations

import contextlib
import re
import socket
import uuid
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from gigaledger.aggregation.bucket_query import bucket_query
from gigaledger.aggregation.sources import Files, Remote, Shape, shape_of
from gigaledger.errors import BadQuestion, BadSource, EngineUnavailable, UnreadableSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gigaledger.aggregation.question import Key, Question

_FAMILIES = {
    **dict.fromkeys(("string", "varchar", "char"), "text"),
    **dict.fromkeys(("tinyint", "smallint", "int", "bigint"), "integer"),
    **dict.fromkeys(("float", "double", "decimal"), "number"),
    **dict.fromkeys(("date", "timestamp", "timestamp_ntz"), "date"),
}
_TYPES = {
    **dict.fromkeys(("measure", "chip", "unit"), "string"),
    "year": "int",
    **dict.fromkeys(("amount", "low", "high"), "double"),
}
_ADDRESS = re.compile(r"(?P<scheme>sc|spark)://(?P<host>[^:/;,]+)(?::(?P<port>\d+))?")
_MASTERS = ("sc://", "spark://", "k8s://", "yarn", "local")
_PORTS = {"sc": 15002, "spark": 7077}
_PATIENCE_S = 5.0


def buckets(
    source: Any, question: Question, *, spark: Any = None, master: str | None = None, **_options: Any
) -> pl.DataFrame:
    """The buckets of a source; one row per combination of keys, measure, chip and year.

    Args:
        source: Parquet that every executor can read, or a frame of Spark.
        question: the keys.
        spark: a session, classic or of Spark Connect.
        master: or the address of a cluster; the session is ended after the answer.

    Raises:
        EngineUnavailable: PySpark or Java is not installed, or no cluster answers.
        BadSource: Spark cannot read the rows.
    """
    try:
        import pyspark.errors
        from py4j.protocol import Py4JError
    except ImportError:
        raise EngineUnavailable("engine='spark' needs PySpark: pip install 'gigaledger[spark]'") from None
    with warnings.catch_warnings(), _session(source, spark, master) as session:
        # PySpark says so at every import of its own pandas; nothing here passes through pandas.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        try:
            rows = _rows(session, source)
            families = {name: _FAMILIES.get(kind.split("(")[0], kind) for name, kind in rows.dtypes}
            shape = shape_of(families, question)
            return _summed(session, rows.selectExpr(*_columns(question, shape)), list(question.numbered), shape)
        except (pyspark.errors.PySparkException, Py4JError) as error:
            raise UnreadableSource(f"Spark cannot read the source: {_first_sentence(error)}") from None


def _summed(session: Any, lines: Any, keys: list[str], shape: Shape) -> pl.DataFrame:
    """The buckets of `posting_line`, a view of the session while the query runs."""
    view = f"posting_line_{uuid.uuid4().hex}"
    query = bucket_query([*keys, *shape.path], is_uncertain=shape.is_uncertain)
    lines.createOrReplaceTempView(view)
    try:
        table = session.sql(query.replace("from posting_line", f"from {view}")).toArrow()
    finally:
        session.catalog.dropTempView(view)
    frame = pl.from_arrow(table)
    if not isinstance(frame, pl.DataFrame):
        raise BadSource("Spark returned no table; expected the buckets")
    return frame


def _rows(session: Any, source: Any) -> Any:
    """The source as a frame of Spark."""
    if isinstance(source, Files):
        paths = [str(Path(path).resolve()) for path in source.paths]
        root = _hive_root(paths[0]) if source.has_hive_keys else None
        reader = session.read.option("basePath", root) if root else session.read
        return reader.parquet(*paths)
    if isinstance(source, Remote):
        return session.read.parquet(*source.paths)
    if not hasattr(source, "createOrReplaceTempView"):
        raise BadSource(f"the source is a {type(source).__name__}; expected Parquet or a frame of Spark")
    return source


def _hive_root(path: str) -> str:
    """The folder above the first that is named for a key."""
    parts = Path(path).parts
    first = next(place for place, part in enumerate(parts) if "=" in part)
    return str(Path(*parts[:first]))


def _columns(question: Question, shape: Shape) -> list[str]:
    """The columns of `posting_line` as expressions."""
    stated = [f"cast({_quoted(question.columns[name])} as {_TYPES[name]}) as {name}" for name in shape.columns]
    return [*stated, *(f"{_key_value(key, question)} as {name}" for name, key in question.numbered.items())]


def _key_value(key: Key, question: Question) -> str:
    """One key as an expression over the source."""
    column = _quoted(question.columns.get(key.column, key.column))
    if key.grain is None:
        return column
    return f"cast({column} as date)" if key.grain == "day" else f"trunc({column}, '{key.grain}')"


def _quoted(name: str) -> str:
    """A name in the quotes of Spark."""
    return "`" + name.replace("`", "``") + "`"


@contextlib.contextmanager
def _session(source: Any, spark: Any, master: str | None) -> Iterator[Any]:
    """The session given, that of the source, or one of the address, which is ended with the block."""
    given = spark if spark is not None else getattr(source, "sparkSession", None)
    if given is not None:
        yield given
        return
    if master is None:
        raise BadQuestion(
            "engine='spark' needs a cluster: pass spark= with a session, or master= with an address such as "
            "sc://host:15002 (Spark Connect), spark://host:7077 or local[2]"
        )
    if not master.startswith(_MASTERS):
        raise BadQuestion(f"master={master!r} is no address of a cluster; expected {', '.join(_MASTERS)} with the rest")
    _refuse_silent(master)
    _refuse_second(master)
    session = _opened(master)
    try:
        yield session
    finally:
        session.stop()


def _opened(master: str) -> Any:
    """A session of an address."""
    try:
        if master.startswith("sc://"):
            from pyspark.sql.connect.session import SparkSession as ConnectSession

            return ConnectSession.builder.remote(master).create()
        from pyspark.sql import SparkSession

        return SparkSession.builder.master(master).appName("gigaledger").getOrCreate()
    except Exception as error:  # noqa: BLE001 - PySpark raises errors of many libraries here
        raise EngineUnavailable(f"{master}: Spark does not start: {_first_sentence(error)}") from None


def _refuse_silent(master: str) -> None:
    """Refuse an address at which nothing listens; PySpark alone would try for minutes."""
    address = _ADDRESS.match(master)
    if address is None:
        return
    port = int(address["port"] or _PORTS[address["scheme"]])
    try:
        socket.create_connection((address["host"], port), timeout=_PATIENCE_S).close()
    except OSError as error:
        reason = error.strerror or str(error)
        raise EngineUnavailable(
            f"{master}: no cluster answers at {address['host']}:{port} ({reason.lower()}); "
            "expected the address of a running Spark Connect server or Spark master"
        ) from None


def _refuse_second(master: str) -> None:
    """Refuse a classic master beside a session that runs: Spark would take that one instead, and it would be ended."""
    from pyspark.sql import SparkSession

    if not master.startswith("sc://") and SparkSession.getActiveSession() is not None:
        raise BadQuestion("a session of Spark runs in this process already; pass it with spark= instead of master=")


def _first_sentence(error: Exception) -> str:
    """What Spark says, without its stack."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:300]
