"""The bucket stage on Polars: over frames, lazy frames and Parquet files, in batches on the streaming engine.

Texts are categories, so that groups are formed of integers; those of measure, chip, year and keys are packed into one.
Enumerations have their integers already, and their number is known: nothing is read but codes, and none needs a check.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl

from gigaledger.aggregation.bucket_query import added_up, bucket_query
from gigaledger.aggregation.sources import Files, Remote, Shape, shape_of
from gigaledger.errors import BadSource, UnreadableSource

if TYPE_CHECKING:
    from gigaledger.aggregation.question import Key, Question

_TYPES: dict[str, Any] = {
    **dict.fromkeys(("measure", "chip", "unit"), pl.String),
    "year": pl.Int32,
    **dict.fromkeys(("amount", "low", "high"), pl.Float64),
}
_PATH_BITS = {"measure": 10, "chip": 14, "year": 14, "unit": 8}
_CODE_BITS = 63
_YEAR_BITS = (14, 32)  # those of any year that is one, and those of any number
_NARROW_BITS = 32
_PART_ROWS = 20_000_000  # of Parquet at a time, so that no more of the files than that is mapped into memory
_AMOUNTS = ("amount", "low", "high")
_PACKED_KEYS = 2
_PERIODS = {"year": "1y", "quarter": "1q", "month": "1mo", "week": "1w", "day": "1d"}


def buckets(source: Any, question: Question, *, is_counted: bool = True, **_options: Any) -> pl.DataFrame:
    """The buckets of a source; one row per combination of keys, measure, chip and year.

    Without `is_counted`, the counts of rows and amounts may be left out where no amount is null.
    """
    try:
        parts = _parts(source)
        families = {name: family(kind) for name, kind in parts[0].collect_schema().items()}
        shape = shape_of(families, question)
        if not is_counted and not shape.is_uncertain:
            amount = question.columns["amount"]
            whole = [rows.with_columns(pl.col(amount).cast(pl.Float64).fill_null(math.nan)) for rows in parts]
            found = added_up([_buckets_of_part(rows, question, families, shape, is_counted=False) for rows in whole])
            if not found["amount"].is_nan().any():
                return found
        return added_up([_buckets_of_part(rows, question, families, shape, is_counted=True) for rows in parts])
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableSource(f"Polars cannot read the source: {' '.join(str(error).split())}") from None


def _buckets_of_part(
    rows: pl.LazyFrame, question: Question, families: dict[str, str], shape: Shape, *, is_counted: bool
) -> pl.DataFrame:
    """The buckets of some rows."""
    enumerated = _summed_enumerations(rows, question, shape, is_counted=is_counted)
    if enumerated is not None:
        return enumerated
    return _summed(_lines(rows, question, families, shape), list(question.numbered), shape, is_counted=is_counted)


def _summed_enumerations(
    rows: pl.LazyFrame, question: Question, shape: Shape, *, is_counted: bool, year_bits: int = _YEAR_BITS[0]
) -> pl.DataFrame | None:
    """The buckets of rows whose keys and texts are all enumerations; None where one is not, or holds nulls."""
    kinds = rows.collect_schema()
    named = {name: question.columns.get(key.column, key.column) for name, key in question.numbered.items()}
    named = {"year": question.columns["year"], **named, **{name: question.columns[name] for name in shape.path}}
    texts = [name for name in named if name != "year"]
    if any(not isinstance(kinds[named[name]], pl.Enum) for name in texts):
        return None
    sizes = {name: len(kinds[named[name]].categories) for name in texts}  # type: ignore[attr-defined] # an Enum
    bits = {"year": year_bits, **{name: max(1, (size - 1).bit_length()) for name, size in sizes.items()}}
    if sum(bits.values()) > _CODE_BITS:
        return None
    first = 1 << (bits["year"] - 1)
    year = pl.col(named["year"]).cast(pl.Int64) + first
    narrow = pl.UInt32 if sum(bits.values()) <= _NARROW_BITS else pl.UInt64  # half the table, two thirds of the time
    code = year.clip(0, (1 << bits["year"]) - 1).cast(narrow)
    for name in texts:
        code = code * (1 << bits[name]) + pl.col(named[name]).to_physical().cast(narrow)
    stated = [pl.col(question.columns[name]).cast(pl.Float64).alias(name) for name in shape.columns if name in _AMOUNTS]
    context = pl.SQLContext(posting_line=rows.select(*stated, code=code), eager=False)
    query = bucket_query(["code"], is_uncertain=shape.is_uncertain, is_counted=is_counted)
    summed = context.execute(query).collect(engine="streaming").with_columns(pl.col("code").cast(pl.UInt64))
    if summed["code"].has_nulls():
        return None
    columns: dict[str, pl.Expr] = {}
    above = 0
    for name in reversed(texts):
        place = (pl.col("code") // (1 << above)) % (1 << bits[name])
        kind = kinds[named[name]]
        columns[name] = place.cast(pl.Series(dtype=kind).to_physical().dtype).cat.to(kind).cast(pl.String)
        above += bits[name]
    year = ((pl.col("code") // (1 << above)).cast(pl.Int64) - first).cast(pl.Int32)
    found = summed.with_columns(year=year, **columns)
    if year_bits < _YEAR_BITS[1] and not found["year"].is_between(1 - first, first - 2).all():
        return _summed_enumerations(rows, question, shape, is_counted=is_counted, year_bits=_YEAR_BITS[1])
    names = [*question.numbered, *shape.path]
    return found.select(*names, pl.exclude(*names, "code"))


def _summed(lines: pl.LazyFrame, keys: list[str], shape: Shape, *, is_counted: bool) -> pl.DataFrame:
    """The buckets by one packed code, or by several where one cannot hold all keys."""
    kinds = lines.collect_schema()
    texts = [name for name in (*keys, *shape.path) if kinds[name] == pl.String]
    categories = {name: pl.Categorical(pl.Categories.random(physical=pl.UInt32)) for name in texts}
    coded = lines.with_columns(pl.col(name).cast(kind).to_physical() for name, kind in categories.items())
    for packed in (_bits(keys, kinds, shape.path), _bits([], kinds, shape.path)):
        apart = [key for key in keys if key not in packed]
        query = bucket_query([*apart, "code"], is_uncertain=shape.is_uncertain, is_counted=is_counted)
        context = pl.SQLContext(posting_line=coded.with_columns(code=_packed(packed)), eager=False)
        summed = context.execute(query).collect(engine="streaming").with_columns(**_unpacked(packed))
        if _fits(summed, packed):
            break
    return summed.with_columns(
        *(pl.col(name).cast(pl.UInt32).cat.to(kind).cast(pl.String) for name, kind in categories.items()),
        *(pl.col(name).cast(kinds[name]) for name in (*keys, "year") if name not in categories),
    ).select(*keys, *shape.path, pl.exclude(*keys, *shape.path, "code"))


def _bits(keys: list[str], kinds: pl.Schema, path: list[str]) -> dict[str, int]:
    """How many bits of the code each column takes; keys that are no text stand apart."""
    texts = [key for key in keys if kinds[key] == pl.String][:_PACKED_KEYS]
    bits = {name: _PATH_BITS[name] for name in path}
    return {**bits, **dict.fromkeys(texts, (_CODE_BITS - sum(bits.values())) // max(1, len(texts)))}


def _packed(bits: dict[str, int]) -> pl.Expr:
    """Several columns of integers as one; 0 in the bits of a column stands for null, all ones for what does not fit."""
    code = pl.lit(0, pl.UInt64)
    for name, width in bits.items():
        value = (pl.col(name).cast(pl.Int64) + _first(name)).clip(0, (1 << width) - 1).fill_null(0).cast(pl.UInt64)
        code = code * (1 << width) + value
    return code


def _first(name: str) -> int:
    """What is added to a code so that 0 stays free; years may be negative, by mistake."""
    return 8192 if name == "year" else 1


def _unpacked(bits: dict[str, int]) -> dict[str, pl.Expr]:
    """The columns of a packed code."""
    columns: dict[str, pl.Expr] = {}
    above = 0
    for name, width in reversed(bits.items()):
        value = (pl.col("code") // (1 << above)) % (1 << width)
        columns[name] = pl.when(value > 0).then(value.cast(pl.Int64) - _first(name))
        above += width
    return columns


def _fits(summed: pl.DataFrame, bits: dict[str, int]) -> bool:
    """Whether no text was beyond the bits of its column; a year that is was no year anyway."""
    largest: dict[str, Any] = summed.select(pl.col(name).max() for name in bits).row(0, named=True)
    return all((largest[name] or 0) < (1 << width) - 2 for name, width in bits.items() if name != "year")


def _parts(source: Any) -> list[pl.LazyFrame]:
    """The source as lazy frames that are summed one after the other."""
    rows = _lazy(source)
    if not isinstance(source, Files):
        return [rows]
    count = rows.select(pl.len()).collect().item()
    return [rows.slice(first, _PART_ROWS) for first in range(0, max(count, 1), _PART_ROWS)]


def _lazy(source: Any) -> pl.LazyFrame:
    """The source as a lazy frame."""
    if isinstance(source, pl.LazyFrame):
        return source
    if isinstance(source, Files | Remote):
        # A writer that finds whole numbers alone in a file writes integers there.
        casts = pl.ScanCastOptions(integer_cast=["upcast", "allow-float"], float_cast=["upcast", "downcast"])
        return pl.scan_parquet(
            list(source.paths), hive_partitioning=source.has_hive_keys, missing_columns="insert", cast_options=casts
        )
    if isinstance(source, pl.DataFrame):
        return source.lazy()
    if hasattr(source, "scanner"):  # a dataset of Arrow
        return pl.scan_pyarrow_dataset(source)
    try:
        return pl.DataFrame(source).lazy()
    except (TypeError, ValueError):
        raise BadSource(
            f"the source is a {type(source).__name__}; expected Parquet, a Polars frame or an Arrow table"
        ) from None


def _lines(rows: pl.LazyFrame, question: Question, families: dict[str, str], shape: Shape) -> pl.LazyFrame:
    """The columns of `posting_line`."""
    stated = [pl.col(question.columns[name]).cast(_TYPES[name]).alias(name) for name in shape.columns]
    return rows.select(*stated, *(_key(key, question, families).alias(name) for name, key in question.numbered.items()))


def _key(key: Key, question: Question, families: dict[str, str]) -> pl.Expr:
    """One key as an expression over the source."""
    column = pl.col(question.columns.get(key.column, key.column))
    if families[question.columns.get(key.column, key.column)] == "text":
        return column.cast(pl.String)
    return column if key.grain is None else column.cast(pl.Date).dt.truncate(_PERIODS[key.grain])


def family(kind: pl.DataType) -> str:
    """The family of a type, in the words of `sources.refuse_columns`."""
    if kind in (pl.String, pl.Categorical, pl.Enum):
        return "text"
    if kind.is_integer():
        return "integer"
    if kind.is_numeric():
        return "number"
    return "date" if kind in (pl.Date, pl.Datetime) else str(kind).lower()
