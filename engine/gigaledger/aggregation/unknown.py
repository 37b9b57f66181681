"""Rows that cannot be rated: named with their counts, and refused or set aside; never dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from gigaledger.errors import BadSource, UnknownPath

if TYPE_CHECKING:
    from gigaledger.aggregation.rates import Path, Rates

STATED = ("measure", "chip", "year", "unit")
_NAMED = 5


def parted(buckets: pl.DataFrame, rates: Rates) -> tuple[pl.DataFrame, pl.DataFrame, list[Path]]:
    """The buckets that can be rated, those that cannot, and the paths of the former.

    Args:
        buckets: the sums of a scan; one row per combination of keys, measure, chip, year, and unit where there is one.
        rates: what knows the paths.

    Returns:
        The buckets with the number of their path in `path` and amounts in the unit of their measure; the others with
        the `reason` in words; the paths.

    Raises:
        BadSource: an amount that is not finite, or a low and a high on the wrong sides of their amount.
    """
    _refuse_values(buckets)
    stated = [name for name in STATED if name in buckets.columns]
    distinct = buckets.select(stated).unique().sort(stated, nulls_last=True)
    found = [rates.path(**dict(zip(stated, row, strict=True))) for row in distinct.rows()]
    known = [one for one in found if not isinstance(one, str)]
    paths = sorted({path for path, _ in known}, key=lambda path: (path.measure, path.chip_id, path.year))
    place = {path: number for number, path in enumerate(paths)}
    marked = distinct.with_columns(
        path=pl.Series([None if isinstance(one, str) else place[one[0]] for one in found], dtype=pl.Int64),
        factor=pl.Series([None if isinstance(one, str) else one[1] for one in found], dtype=pl.Float64),
        chip_id=pl.Series([None if isinstance(one, str) else one[0].chip_id for one in found], dtype=pl.String),
        reason=pl.Series([one if isinstance(one, str) else None for one in found], dtype=pl.String),
    )
    joined = buckets.join(marked, on=stated, how="left", nulls_equal=True, maintain_order="left")
    spreads = [pl.col("variance") * pl.col("factor") ** 2] if "variance" in buckets.columns else []
    # Without counts no amount is null: it would have been counted.
    has_amount = pl.col("amount_count") > 0 if "amount_count" in buckets.columns else pl.lit(value=True)
    rated = (
        joined.filter(pl.col("reason").is_null() & has_amount)
        .with_columns(pl.col("amount") * pl.col("factor"), *spreads)
        .drop("reason", "factor")
    )
    return rated, _others(joined), paths


def refuse(
    set_aside: pl.DataFrame, row_count: int, advice: str = "correct them, or set them aside with unknown='set_aside'"
) -> None:
    """Refuse rows that cannot be rated.

    Raises:
        UnknownPath: the commonest reasons, each with its count.
    """
    if set_aside.is_empty():
        return
    reasons = (
        set_aside.group_by("reason")
        .agg(pl.col("row_count").sum())
        .sort(["row_count", "reason"], descending=[True, False])
    )
    named = ", ".join(f"{reason} ({rows:,})" for reason, rows in reasons.head(_NAMED).rows())
    more = f" and {reasons.height - _NAMED} more reasons" if reasons.height > _NAMED else ""
    raise UnknownPath(
        f"{int(reasons['row_count'].sum()):,} of {row_count:,} rows cannot be rated: {named}{more}; {advice}"
    )


def _others(joined: pl.DataFrame) -> pl.DataFrame:
    """The buckets of no known path, and the rows without an amount of the others, with the reason."""
    unknown = joined.filter(pl.col("reason").is_not_null())
    if "amount_count" not in joined.columns:
        return unknown.drop("path", "factor", "chip_id")
    empty = joined.filter(pl.col("reason").is_null() & (pl.col("amount_count") < pl.col("row_count"))).with_columns(
        reason=pl.lit("no amount"),
        row_count=pl.col("row_count") - pl.col("amount_count"),
        amount_count=pl.lit(0, joined.schema["amount_count"]),
        amount=pl.lit(None, pl.Float64),
    )
    return pl.concat([unknown, empty]).drop("path", "factor", "chip_id", "variance", "reversed_count", strict=False)


def _refuse_values(buckets: pl.DataFrame) -> None:
    """Refuse sums over values that are no amounts."""
    if not np.isfinite(buckets["amount"].drop_nulls().to_numpy()).all():
        worst = buckets.filter(~pl.col("amount").is_finite()).select("measure", "chip", "year").row(0)
        raise BadSource(
            f"an amount of {worst[0]}, {worst[1]}, {worst[2]} is not finite, or the sum is beyond the range of "
            "numbers; expected finite amounts"
        )
    if "reversed_count" in buckets.columns and (count := int(buckets["reversed_count"].sum())):
        raise BadSource(f"{count:,} rows have low, amount and high out of order; expected low <= amount <= high")
