"""Sums by codes on DuckDB, which cost half of sums by texts.

Hashing the texts of keys, measures and chips costs more than summing. So texts are cast to enumerations of what a
sample shows (which DuckDB does once for each text of a Parquet page), and the sums are kept in an array by code
(DuckDB's perfect hash aggregate). Where the array would be too large, or keys are no texts, the rows are joined with a
small dictionary of the keys that occur together. Rows that hold what the sample does not are summed by their texts in a
second scan, left out where none do. Rows that hold enumerations need no sample.
"""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from gigaledger.aggregation.bucket_query import bucket_query
from gigaledger.aggregation.dictionary import (
    FEWEST_SAMPLED_ROWS,
    SAMPLED_ROWS,
    SAMPLED_SHARE,
    Dictionary,
    dictionary_of,
    names_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import duckdb

    from gigaledger.aggregation.sources import Shape

_ARRAY_BITS = 24
_YEAR_BITS = 6
_CODES = ("TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "DATE")  # integers that may stand in an array


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows of a source as `posting_line`, and how they are asked.

    Attributes:
        relation: the rows.
        keys: the columns of the keys.
        shape: which columns say how an amount is stated.
        is_counted: whether rows and amounts are counted too.
        sample: rows from all over the source, about as many as asked for; None where there is no such way.
    """

    relation: duckdb.DuckDBPyRelation
    keys: list[str]
    shape: Shape
    is_counted: bool
    sample: Callable[[int], pl.DataFrame | None]

    @property
    def columns(self) -> list[str]:
        """The columns that distinguish buckets."""
        return [*self.keys, *self.shape.path]

    def query(self, columns: list[str]) -> str:
        """The bucket stage by some columns."""
        return bucket_query(columns, is_uncertain=self.shape.is_uncertain, is_counted=self.is_counted)


def summed(lines: Lines) -> pl.DataFrame:
    """The buckets, by codes where the rows hold them or a sample shows the keys and paths, else by their texts."""
    counts = frame_of(
        lines.relation, "select count(*) as row_count, count(amount) as amount_count from posting_line"
    ).row(0)
    if counts[0] != counts[1] and not lines.is_counted:
        lines = Lines(lines.relation, lines.keys, lines.shape, is_counted=True, sample=lines.sample)
    kinds = dict(zip(lines.relation.columns, map(str, lines.relation.types), strict=True))
    if all(kinds[name].startswith(("ENUM", *_CODES)) for name in lines.columns):
        with _arrays(lines.relation):
            return _texts(frame_of(lines.relation, lines.query(lines.columns)), lines.shape.path)
    if lines.keys and counts[0] > SAMPLED_ROWS:
        texts = [name for name in lines.columns if kinds[name] == "VARCHAR"]
        rows = _sample(lines, counts[0])
        are_texts = all(kinds[name] == "VARCHAR" or kinds[name].startswith("ENUM") for name in lines.keys)
        names = names_of(rows, texts) if are_texts and "unit" not in texts else None
        if names is not None and _bits(names, kinds) <= _ARRAY_BITS:
            return _summed_by_name(lines, names)
        dictionary = dictionary_of(rows, lines.keys, lines.shape.path)
        if dictionary is not None:
            return _summed_by_code(lines, dictionary)
    return frame_of(lines.relation, lines.query(lines.columns))


def _sample(lines: Lines, row_count: int) -> pl.DataFrame:
    """Some rows from all over the source."""
    wanted = int(min(SAMPLED_ROWS, max(FEWEST_SAMPLED_ROWS, row_count * SAMPLED_SHARE)))
    found = lines.sample(wanted)
    if found is not None:
        return found
    share = 100 * wanted / row_count
    query = f"select {', '.join(lines.columns)} from posting_line tablesample system ({share:.6f}%) repeatable (0)"
    return frame_of(lines.relation, query)


def _bits(names: Mapping[str, pl.Series], kinds: Mapping[str, str]) -> int:
    """The bits of a code of all columns; enumerations of the source are counted by their commas."""
    sizes = [len(values) + 1 for values in names.values()]
    sizes += [kind.count(", ") + 2 for name, kind in kinds.items() if kind.startswith("ENUM")]
    return _YEAR_BITS + sum(size.bit_length() for size in sizes)


def _summed_by_name(lines: Lines, names: Mapping[str, pl.Series]) -> pl.DataFrame:
    """The buckets by enumerations of the texts of a sample, and by the texts themselves where they are others."""
    mark = uuid.uuid4().hex
    types = {name: f"gigaledger_{name}_{mark}" for name in names}
    relation = lines.relation
    try:
        for name, values in names.items():
            rows = values.to_frame("name").to_arrow()  # noqa: F841 - DuckDB reads the variable by its name
            relation.query("posting_line", f"create temp type {types[name]} as enum (select name from rows)")
        casts = ", ".join(f"try_cast({name} as {kind}) as {name}" for name, kind in types.items())
        coded = f"(select * replace ({casts}) from posting_line)"
        with _arrays(relation):
            found = frame_of(relation, lines.query(lines.columns).replace("from posting_line", f"from {coded}"))
        known = _texts(found.drop_nulls(list(names)), lines.columns)
        if known.height == found.height:
            return known
        strange = " or ".join(f"try_cast({name} as {kind}) is null" for name, kind in types.items())
        rest = f"(select * from posting_line where {strange})"
        others = frame_of(relation, lines.query(lines.columns).replace("from posting_line", f"from {rest}"))
        return pl.concat([known, _texts(others, lines.columns)], how="vertical_relaxed")
    finally:
        for kind in types.values():
            relation.query("posting_line", f"drop type if exists {kind}")


def _summed_by_code(lines: Lines, dictionary: Dictionary) -> pl.DataFrame:
    """The buckets by the codes of a dictionary, and by their texts where they have none."""
    mark = uuid.uuid4().hex
    group_table, path_table = f"gigaledger_group_{mark}", f"gigaledger_path_{mark}"
    relation, keys, shape = lines.relation, lines.keys, lines.shape
    try:
        for table, frame in ((group_table, dictionary.groups), (path_table, dictionary.paths)):
            rows = frame.to_arrow()  # noqa: F841 - DuckDB reads the variable by its name
            relation.query("posting_line", f"create temp table {table} as from rows")
        coded = f"posting_line left join {group_table} using ({', '.join(keys)})"
        coded += f" left join {path_table} using ({', '.join(shape.path)})"
        query = lines.query(["group_code", "path_code"])
        with _arrays(relation):
            found = frame_of(relation, query.replace("from posting_line", f"from {coded}"))
        known = found.drop_nulls(["group_code", "path_code"])
        parts = [known.join(dictionary.groups, on="group_code").join(dictionary.paths, on="path_code")]
        if known.height < found.height:
            rest = (
                f"(select {', '.join([*keys, *shape.columns])} from {coded} "
                "where group_code is null or path_code is null)"
            )
            query = lines.query(lines.columns)
            parts.append(frame_of(relation, query.replace("from posting_line", f"from {rest}")))
    finally:
        for table in (group_table, path_table):
            relation.query("posting_line", f"drop table if exists {table}")
    columns = [*lines.columns, *(name for name in found.columns if name not in ("group_code", "path_code"))]
    return pl.concat([part.select(columns) for part in parts], how="vertical_relaxed")


def _texts(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """A frame with enumerations as texts again."""
    coded = [name for name in columns if isinstance(frame.schema[name], pl.Enum | pl.Categorical)]
    return frame.with_columns(pl.col(coded).cast(pl.String))


@contextmanager
def _arrays(relation: duckdb.DuckDBPyRelation) -> Iterator[None]:
    """Room for sums by code in an array, on the connection of the rows and for as long as it is needed."""
    bits = frame_of(relation, "select current_setting('perfect_ht_threshold') as bits")["bits"].item()
    relation.query("posting_line", f"set perfect_ht_threshold = {_ARRAY_BITS}")
    try:
        yield
    finally:
        relation.query("posting_line", f"set perfect_ht_threshold = {bits}")


def frame_of(relation: duckdb.DuckDBPyRelation, query: str) -> pl.DataFrame:
    """The rows of a query over `posting_line`."""
    rows: Any = relation.query("posting_line", query)
    frame: pl.DataFrame = rows.pl()
    return frame
