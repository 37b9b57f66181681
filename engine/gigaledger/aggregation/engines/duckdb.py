"""The bucket stage on DuckDB: over Parquet files, its own relations, or frames of other libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb

from gigaledger.aggregation.bucket_query import bucket_query
from gigaledger.aggregation.sources import Files, Remote
from gigaledger.errors import BadSource, did_you_mean

if TYPE_CHECKING:
    import polars as pl

    from gigaledger.aggregation.question import Key, Question

_TEXT = ("VARCHAR", "ENUM")
_INTEGER = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_NUMBER = (*_INTEGER, "DOUBLE", "FLOAT", "DECIMAL")
_TYPES = {
    "measure": (_TEXT, "text"),
    "chip": (_TEXT, "text"),
    "year": (_INTEGER, "an integer"),
    "amount": (_NUMBER, "a number"),
    "low": (_NUMBER, "a number"),
    "high": (_NUMBER, "a number"),
}


def buckets(source: Any, question: Question) -> pl.DataFrame:
    """The buckets of a source; one row per combination of keys, measure, chip and year."""
    relation = _relation(source)
    try:
        lines = relation.project(_projection(relation, question))
        summed: Any = lines.query("posting_line", bucket_query(question.numbered))
        buckets_found: pl.DataFrame = summed.pl()
    except duckdb.Error as error:
        raise BadSource(f"DuckDB cannot read the source: {_first_line(error)}") from None
    return buckets_found


def _relation(source: Any) -> duckdb.DuckDBPyRelation:
    """The source as a relation of DuckDB."""
    if isinstance(source, duckdb.DuckDBPyRelation):
        return source
    connection = duckdb.connect(config={"autoinstall_known_extensions": False})
    connection.execute("set enable_progress_bar = false")
    try:
        if isinstance(source, Files | Remote):
            return connection.read_parquet(list(source.paths), union_by_name=True)
        connection.register("posting_source", source)
        return connection.table("posting_source")
    except duckdb.Error as error:
        raise BadSource(f"DuckDB cannot read the source: {_first_line(error)}") from None


def _projection(relation: duckdb.DuckDBPyRelation, question: Question) -> str:
    """The columns of `posting_line`, checked against the types of the source."""
    types = dict(zip(relation.columns, (str(one).split("(")[0] for one in relation.types), strict=True))
    for name, (allowed, words) in _TYPES.items():
        column = question.columns[name]
        if column not in types:
            if name in ("low", "high"):
                continue
            hint = did_you_mean(column, types)
            raise BadSource(f"the source has no column {column!r} ({name}); it has {', '.join(types)}{hint}")
        if types[column] not in allowed:
            raise BadSource(f"the column {column!r} ({name}) is {types[column].lower()}; expected {words}")
    for key in question.keys:
        if key.column not in types and key.column not in question.columns:
            hint = did_you_mean(key.column, types)
            raise BadSource(f"the source has no column {key.column!r} (key); it has {', '.join(types)}{hint}")
    stated = [
        f"{_quoted(question.columns['measure'])}::varchar as measure",
        f"{_quoted(question.columns['chip'])}::varchar as chip",
        f"{_quoted(question.columns['year'])}::integer as year",
        f"{_quoted(question.columns['amount'])}::double as amount",
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


def _first_line(error: Exception) -> str:
    """What a library says, in one line."""
    return " ".join(str(error).split())
