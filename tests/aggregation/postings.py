"""Small sets of postings that tests aggregate."""

from __future__ import annotations

import polars as pl

MEASURES = ("chips", "it_power", "facility_power", "chip_capex", "cloud_spend")
CHIPS = ("h100", "gb300", "tpu-v7", "nvidia-mix")


def postings(count: int, seed: int = 0) -> pl.DataFrame:
    """Rows with a state, a site, a day and a stated amount, the same for the same seed."""
    place = pl.int_range(count, eager=False)
    spun = place.hash(seed)
    return pl.select(
        state=pl.lit(pl.Series(["TX", "NY", "OH"])).gather(spun % 3),
        site=pl.lit("site-") + (spun // 7 % 11).cast(pl.String),
        on_date=pl.date(2024, 1, 1) + pl.duration(days=spun // 5 % 900),
        measure=pl.lit(pl.Series(MEASURES)).gather(spun // 11 % len(MEASURES)),
        chip=pl.lit(pl.Series(CHIPS)).gather(spun // 13 % len(CHIPS)),
        year=(2023 + spun // 17 % 4).cast(pl.Int32),
        amount=(spun // 19 % 1_000_000) / 1000,
    )
