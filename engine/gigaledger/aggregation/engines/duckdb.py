"""The bucket stage on DuckDB: over Parquet files, its own relations, or frames of other libraries."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import duckdb

from gigaledger.aggregation.bucket_query import bucket_query
from gigaledger.aggregation.engines.duckdb_sums import Lines, frame_of, summed
from gigaledger.aggregation.sampling import BATCH, parquet_sample
from gigaledger.aggregation.sources import Files, Remote, shape_of
from gigaledger.errors import BadSource, UnreadableSource

if TYPE_CHECKING:
    import polars as pl

    from gigaledger.aggregation.question import Key, Question

_FAMILIES = {
    "VARCHAR": "text",
    "ENUM": "text",
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"), "integer"),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"), "integer"),
    **dict.fromkeys(("DOUBLE", "FLOAT", "DECIMAL"), "number"),
    "DATE": "date",
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), "date"),
}
_TYPES = {
    **dict.fromkeys(("measure", "chip", "unit"), "varchar"),
    "year": "integer",
    **dict.fromkeys(("amount", "low", "high"), "double"),
}


def buckets(source: Any, question: Question, *, is_counted: bool = True, **_options: Any) -> pl.DataFrame:
    """The buckets of a source; one row per combination of keys, measure, chip and year.

    Without `is_counted`, the counts of rows and amounts may be left out where no amount is null.
    """
    try:
        relation, connection = _relation(source)
        families = {
            name: _FAMILIES.get(str(kind).split("(")[0], str(kind).lower())
            for name, kind in zip(relation.columns, relation.types, strict=True)
        }
        shape = shape_of(families, question)
        kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
        enumerated = {name for name, kind in kinds.items() if kind.startswith("ENUM")}
        lines = relation.project(_projection(question, shape.columns, enumerated))
        if type(source).__name__ == "RecordBatchReader":  # it can be read once, so without a sample
            return frame_of(lines, bucket_query([*question.numbered, *shape.path], is_uncertain=shape.is_uncertain))

        def sample(row_count: int) -> pl.DataFrame | None:
            """Keys and paths of rows from all over the files, in the columns of `posting_line`."""
            columns = {*(question.columns[name] for name in shape.path)}
            columns |= {question.columns.get(key.column, key.column) for key in question.numbered.values()}
            found = parquet_sample(source, sorted(columns), row_count) if isinstance(source, Files) else None
            if found is None or connection is None:
                return None
            typed = ", ".join(f"{_quoted(name)}::{kinds[name]} as {_quoted(name)}" for name in sorted(columns))
            wanted = _projection(question, shape.path, enumerated)
            rows: Any = connection.from_arrow(found).project(f"{typed}, {BATCH}").project(f"{wanted}, {BATCH}")
            frame: pl.DataFrame = rows.pl()
            return frame

        return summed(Lines(lines, list(question.numbered), shape, is_counted or shape.is_uncertain, sample))
    except duckdb.Error as error:
        raise UnreadableSource(f"DuckDB cannot read the source: {_one_line(error)}") from None


@lru_cache(maxsize=1)
def _home(_process: int) -> duckdb.DuckDBPyConnection:
    """A database of our own, opened once in each process; it holds nothing."""
    return duckdb.connect(config={"autoinstall_known_extensions": False})


def _relation(source: Any) -> tuple[duckdb.DuckDBPyRelation, duckdb.DuckDBPyConnection | None]:
    """The source as a relation of DuckDB, with its connection where it is our own."""
    if isinstance(source, duckdb.DuckDBPyRelation):
        return source, None
    connection = _home(os.getpid()).cursor()
    connection.execute("set enable_progress_bar = false")
    if isinstance(source, Files | Remote):
        paths = list(source.paths)
        return connection.read_parquet(paths, union_by_name=True, hive_partitioning=source.has_hive_keys), connection
    try:
        connection.register("posting_source", source)
    except duckdb.InvalidInputException:
        raise BadSource(
            f"the source is a {type(source).__name__}; expected Parquet, a DuckDB relation, a frame or an Arrow table"
        ) from None
    return connection.table("posting_source"), connection


def _projection(question: Question, columns: list[str], enumerated: set[str]) -> str:
    """The columns of `posting_line`; a text that is an enumeration stays one."""
    stated = [
        f"{_quoted(column)}{'' if column in enumerated else '::' + _TYPES[name]} as {name}"
        for name, column in ((name, question.columns[name]) for name in columns)
    ]
    keys = [f"{_key_value(key, question)} as {name}" for name, key in question.numbered.items()]
    return ", ".join([*stated, *keys])


def _key_value(key: Key, question: Question) -> str:
    """One key as an expression over the source."""
    column = _quoted(question.columns.get(key.column, key.column))
    return column if key.grain is None else f"date_trunc('{key.grain}', {column})::date"


def _quoted(name: str) -> str:
    """A name in quotes."""
    return '"' + name.replace('"', '""') + '"'


def _one_line(error: Exception) -> str:
    """What a library says, in one line."""
    return " ".join(str(error).split())
