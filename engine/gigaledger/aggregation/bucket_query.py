"""The one text of the bucket stage, with the columns of a question in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from gigaledger.paths import sql_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

SUMS = ("row_count", "amount_count", "amount", "variance", "reversed_count")
_COUNTS = "    count(*) as row_count,\n    count(amount) as amount_count,\n"
_COLUMNS = "    measure,\n    chip,\n    year"


def bucket_query(columns: Iterable[str], *, is_uncertain: bool, is_counted: bool = True) -> str:
    """The SQL of the bucket stage.

    Args:
        columns: what distinguishes buckets, by the names in `posting_line`: letters, digits and underscores.
        is_uncertain: whether the amounts have a low and a high.
        is_counted: whether rows and amounts are counted beside their sums; where no amount is null and nobody asks for
            the buckets, counting would take a third of the time.
    """
    name = "bucket_uncertain" if is_uncertain else "bucket"
    text = (sql_folder() / "core" / f"{name}.sql").read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    code = code if is_counted else code.replace(_COUNTS, "")
    return code.replace(_COLUMNS, ",\n".join(f"    {column}" for column in columns))


def added_up(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """The buckets of several sources together, those of the same columns added up."""
    if len(parts) == 1:
        return parts[0]
    joined = pl.concat(parts, how="diagonal_relaxed")
    return joined.group_by(pl.exclude(SUMS)).agg(pl.col([name for name in SUMS if name in joined.columns]).sum())
