"""Rows from all over a set of Parquet files, of which no more is read than they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from gigaledger.aggregation.sources import Files

BATCH = "sampled_batch"
MOST_BATCHES = 64

Place = TypeVar("Place")


def parquet_sample(files: Files, columns: Sequence[str], row_count: int) -> pa.Table | None:
    """The first rows of row groups spread over the files, with the number of the row group in `sampled_batch`.

    Args:
        files: the files.
        columns: the columns wanted.
        row_count: about how many rows.

    Returns:
        The rows; None where a file lacks a column or cannot be read, which whoever reads it whole will tell.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        opened = [pq.ParquetFile(path, read_dictionary=list(columns)) for path in _spread(files.paths)]
        if any(not set(columns) <= set(file.schema_arrow.names) for file in opened):
            return None
        groups = _spread([(file, group) for file in opened for group in range(file.num_row_groups)])
        each = max(1, row_count // max(1, len(groups)))
        tables = []
        for place, (file, group) in enumerate(groups):
            batch = next(file.iter_batches(each, row_groups=[group], columns=list(columns)), None)
            if batch is not None:
                table = pa.Table.from_batches([batch])
                tables.append(table.append_column(BATCH, pa.array([place] * table.num_rows, pa.int32())))
        for file in opened:
            file.close()
        return pa.concat_tables(tables, promote_options="permissive") if tables else None
    except (pa.ArrowException, OSError):
        return None


def _spread(places: Sequence[Place]) -> list[Place]:
    """At most as many places as batches are wanted, evenly spread, the first and the last among them."""
    count = min(len(places), MOST_BATCHES)
    return [places[round(number * (len(places) - 1) / max(1, count - 1))] for number in range(count)]
