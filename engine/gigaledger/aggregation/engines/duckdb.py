"""The bucket stage on DuckDB: over Parquet files, its own relations, or frames of other libraries.

Hashing the texts of keys, measures and chips costs more than summing. So the keys and paths of a sample get codes, the
rows are joined with these small dictionaries, and the sums are kept in an array by code (DuckDB's perfect hash
aggregate). Rows that hold what the sample does not are summed by their texts in a second scan, left out where none do.
Enumerations have their codes already: they are never made texts of, and need no dictionary.
"""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from gigaledger.aggregation.bucket_query import bucket_query
from gigaledger.aggregation.dictionary import SAMPLED_ROWS, Dictionary, dictionary_of
from gigaledger.aggregation.sources import Files, Remote, Shape, shape_of
from gigaledger.errors import BadSource, UnreadableSource

if TYPE_CHECKING:
    from collections.abc import Iterator

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
_ARRAY_BITS = 24
_CODES = ("TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "DATE")  # integers that may stand in an array


def buckets(source: Any, question: Question, **_options: Any) -> pl.DataFrame:
    """The buckets of a source; one row per combination of keys, measure, chip and year."""
    try:
        relation = _relation(source)
        families = {
            name: _FAMILIES.get(str(kind).split("(")[0], str(kind).lower())
            for name, kind in zip(relation.columns, relation.types, strict=True)
        }
        shape = shape_of(families, question)
        enumerated = {
            name for name, kind in zip(relation.columns, relation.types, strict=True) if str(kind).startswith("ENUM")
        }
        lines = relation.project(_projection(question, shape, enumerated))
        if type(source).__name__ == "RecordBatchReader":  # it can be read once, so without a sample
            return _frame(lines, bucket_query([*question.numbered, *shape.path], is_uncertain=shape.is_uncertain))
        return _summed(lines, list(question.numbered), shape)
    except duckdb.Error as error:
        raise UnreadableSource(f"DuckDB cannot read the source: {_one_line(error)}") from None


def _summed(lines: duckdb.DuckDBPyRelation, keys: list[str], shape: Shape) -> pl.DataFrame:
    """The buckets, by codes where the rows hold them or a sample shows the keys and paths, else by their texts."""
    if all(str(kind).startswith(("ENUM", *_CODES)) for kind in lines.select(*keys, *shape.path).types):
        with _arrays(lines):
            summed = _frame(lines, bucket_query([*keys, *shape.path], is_uncertain=shape.is_uncertain))
        return summed.with_columns(pl.col(name).cast(pl.String) for name in shape.path if name != "year")
    named = ", ".join([*keys, *shape.path])
    row_count = _frame(lines, "select count(*) as row_count from posting_line")["row_count"].item()
    dictionary = None
    if keys and row_count > SAMPLED_ROWS:
        share = 100 * SAMPLED_ROWS / row_count
        sample = _frame(lines, f"select {named} from posting_line tablesample system ({share:.6f}%) repeatable (0)")
        dictionary = dictionary_of(sample, keys, shape.path)
    if dictionary is None:
        return _frame(lines, bucket_query([*keys, *shape.path], is_uncertain=shape.is_uncertain))
    return _summed_by_code(lines, keys, dictionary, shape)


def _summed_by_code(
    lines: duckdb.DuckDBPyRelation, keys: list[str], dictionary: Dictionary, shape: Shape
) -> pl.DataFrame:
    """The buckets by the codes of a dictionary, and by their texts where they have none."""
    mark = uuid.uuid4().hex
    group_table, path_table = f"gigaledger_group_{mark}", f"gigaledger_path_{mark}"
    try:
        for table, frame in ((group_table, dictionary.groups), (path_table, dictionary.paths)):
            rows = frame.to_arrow()  # noqa: F841 - DuckDB reads the variable by its name
            lines.query("posting_line", f"create temp table {table} as from rows")
        coded = f"posting_line left join {group_table} using ({', '.join(keys)})"
        coded += f" left join {path_table} using ({', '.join(shape.path)})"
        query = bucket_query(["group_code", "path_code"], is_uncertain=shape.is_uncertain)
        with _arrays(lines):
            summed = _frame(lines, query.replace("from posting_line", f"from {coded}"))
        known = summed.drop_nulls(["group_code", "path_code"])
        parts = [known.join(dictionary.groups, on="group_code").join(dictionary.paths, on="path_code")]
        if known.height < summed.height:
            rest = (
                f"(select {', '.join([*keys, *shape.columns])} from {coded} "
                "where group_code is null or path_code is null)"
            )
            query = bucket_query([*keys, *shape.path], is_uncertain=shape.is_uncertain)
            parts.append(_frame(lines, query.replace("from posting_line", f"from {rest}")))
    finally:
        for table in (group_table, path_table):
            lines.query("posting_line", f"drop table if exists {table}")
    columns = [*keys, *shape.path, *(name for name in summed.columns if name not in ("group_code", "path_code"))]
    return pl.concat([part.select(columns) for part in parts], how="vertical_relaxed")


@contextmanager
def _arrays(lines: duckdb.DuckDBPyRelation) -> Iterator[None]:
    """Room for sums by code in an array, on the connection of the rows and for as long as it is needed."""
    bits = _frame(lines, "select current_setting('perfect_ht_threshold') as bits")["bits"].item()
    lines.query("posting_line", f"set perfect_ht_threshold = {_ARRAY_BITS}")
    try:
        yield
    finally:
        lines.query("posting_line", f"set perfect_ht_threshold = {bits}")


def _relation(source: Any) -> duckdb.DuckDBPyRelation:
    """The source as a relation of DuckDB."""
    if isinstance(source, duckdb.DuckDBPyRelation):
        return source
    connection = duckdb.connect(config={"autoinstall_known_extensions": False})
    connection.execute("set enable_progress_bar = false")
    if isinstance(source, Files | Remote):
        return connection.read_parquet(list(source.paths), union_by_name=True, hive_partitioning=source.has_hive_keys)
    try:
        connection.register("posting_source", source)
    except duckdb.InvalidInputException:
        raise BadSource(
            f"the source is a {type(source).__name__}; expected Parquet, a DuckDB relation, a frame or an Arrow table"
        ) from None
    return connection.table("posting_source")


def _projection(question: Question, shape: Shape, enumerated: set[str]) -> str:
    """The columns of `posting_line`; a text that is an enumeration stays one."""
    stated = [
        f"{_quoted(column)}{'' if column in enumerated else '::' + _TYPES[name]} as {name}"
        for name, column in ((name, question.columns[name]) for name in shape.columns)
    ]
    keys = [f"{_key_value(key, question)} as {name}" for name, key in question.numbered.items()]
    return ", ".join([*stated, *keys])


def _key_value(key: Key, question: Question) -> str:
    """One key as an expression over the source."""
    column = _quoted(question.columns.get(key.column, key.column))
    return column if key.grain is None else f"date_trunc('{key.grain}', {column})::date"


def _frame(lines: duckdb.DuckDBPyRelation, query: str) -> pl.DataFrame:
    """The rows of a query over `posting_line`."""
    rows: Any = lines.query("posting_line", query)
    frame: pl.DataFrame = rows.pl()
    return frame


def _quoted(name: str) -> str:
    """A name in quotes."""
    return '"' + name.replace('"', '""') + '"'


def _one_line(error: Exception) -> str:
    """What a library says, in one line."""
    return " ".join(str(error).split())
