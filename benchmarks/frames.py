"""Contestants on arrays and frames: Polars with the core, pandas, pint-pandas, NumPy, squigglepy and a plain sum."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
from answers import Answer, answer_of
from core import Rated, core_answer, full_intervals
from workload import CHIPS, MEASURES, TARGETS, YEARS, Rates, Workload

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd
    import polars as pl
    import pyarrow as pa

THREADS = 2
STATED = ("measure", "chip", "year")
UNITS = {"chips": "chip", "it_power": "MW", "facility_power": "MW", "total_capex": "USD", "cloud_spend": "USD/year"}


class Polars:
    """The core on Polars, and the point estimate by hand in three forms."""

    reads = ("memory", "parquet")

    def __init__(self, files: list[Path], rates: Rates, storage: str, workload: Workload) -> None:
        """Hold the rows: in memory with texts as enumerations, or as a scan of Parquet files."""
        import polars as pl

        self.storage = storage
        self.files = [str(path) for path in files]
        rate = pl.DataFrame(rates.table()).with_columns(pl.col("year").cast(pl.Int32), pl.col("path").cast(pl.UInt8))
        if storage == "memory":
            named = {"measure": pl.Enum(MEASURES), "chip": pl.Enum(CHIPS)}
            types = {"site": pl.Enum(workload.site_names), **named}
            self.postings = pl.concat([pl.read_parquet(path).cast(types) for path in self.files]).rechunk().lazy()
            self.rate = rate.cast(named)
        else:
            self.postings = pl.scan_parquet(self.files)
            self.rate = rate

    @property
    def contestants(self) -> dict[str, Callable[[], Any]]:
        """What is asked of it by name."""
        coded = {"coded": self.coded} if self.storage == "memory" else {"numbered": self.numbered}
        return {"core": self.core, "joined": self.joined, "bucketed": self.bucketed, **coded}

    def core(self) -> Any:
        """Full intervals by the core."""
        return full_intervals(self.postings if self.storage == "memory" else self.files, "polars")

    def joined(self) -> pl.DataFrame:
        """Every row meets its rates, then eight sums."""
        return self._rated(self.postings.join(self.rate.lazy(), on=STATED))

    def bucketed(self) -> pl.DataFrame:
        """One sum a row by site and path, then the rates on what is left."""
        import polars as pl

        buckets = self.postings.group_by("site", *STATED).agg(pl.col("amount").sum())
        return self._rated(buckets.join(self.rate.lazy(), on=STATED))

    def numbered(self) -> pl.DataFrame:
        """The number of the path joined once, then one sum a row by site and number."""
        import polars as pl

        numbers = self.postings.join(self.rate.lazy().select(*STATED, "path"), on=STATED)
        buckets = numbers.group_by("site", "path").agg(pl.col("amount").sum())
        return self._rated(buckets.join(self.rate.lazy(), on="path"))

    def coded(self) -> pl.DataFrame:
        """One sum a row by a number made of the codes of site, measure, chip and year; the rates on what is left."""
        import polars as pl

        code = pl.col("site").to_physical().cast(pl.UInt32)
        for name, count in (("measure", len(MEASURES)), ("chip", len(CHIPS))):
            code = code * count + pl.col(name).to_physical().cast(pl.UInt32)
        code = code * len(YEARS) + (pl.col("year") - YEARS[0]).cast(pl.UInt32)
        keys = (pl.col("site").first(), pl.col("amount").sum())
        buckets = self.postings.group_by(code.alias("code")).agg(keys)
        path = (pl.col("code") % self.rate.height).cast(pl.UInt8)
        return self._rated(buckets.with_columns(path=path).join(self.rate.lazy(), on="path"))

    def _rated(self, rows: pl.LazyFrame) -> pl.DataFrame:
        """The totals of rows that stand beside their rates; one row per site."""
        import polars as pl

        sums = rows.group_by("site").agg((pl.col("amount") * pl.col(target)).sum().alias(target) for target in TARGETS)
        return sums.collect(engine="streaming")

    def read(self, found: Any) -> Answer:
        """The answer in what a contestant returns."""
        if isinstance(found, Rated):
            return core_answer(found)
        return answer_of(found["site"].cast(str).to_list(), [found[target].to_numpy() for target in TARGETS])


class Pandas:
    """The point estimate by merge and group-by, on texts as categories."""

    reads = ("memory",)

    def __init__(self, files: list[Path], rates: Rates, storage: str, workload: Workload) -> None:
        """Hold the rows in memory."""
        import pandas as pd

        del storage
        self.postings = _arrow_table(files).to_pandas()
        for name, names in (("site", workload.site_names), ("measure", MEASURES), ("chip", CHIPS)):
            self.postings[name] = self.postings[name].cat.set_categories(list(names))
        types = {name: self.postings[name].dtype for name in ("measure", "chip")}
        self.rate = pd.DataFrame(rates.table()).astype(types)
        self.rate["year"] = self.rate["year"].astype("int32")

    @property
    def contestants(self) -> dict[str, Callable[[], Any]]:
        """What is asked of it by name."""
        return {"merged": self.merged, "numbered": self.numbered}

    def merged(self) -> pd.DataFrame:
        """Every row meets its rates by merge, then eight sums."""
        rows = self.postings.merge(self.rate, on=list(STATED))
        return self._totals(rows[list(TARGETS)].mul(rows["amount"], axis=0), rows["site"])

    def numbered(self) -> pd.DataFrame:
        """Every row meets its rates by the number of its path, made of codes and taken; then eight sums."""
        codes = self.postings["measure"].cat.codes.to_numpy().astype(np.int16) * len(CHIPS)
        codes = (codes + self.postings["chip"].cat.codes.to_numpy()) * len(YEARS)
        paths = codes + (self.postings["year"].to_numpy() - YEARS[0])
        rates = self.rate[list(TARGETS)].take(paths).reset_index(drop=True)
        return self._totals(rates.mul(self.postings["amount"], axis=0), self.postings["site"])

    def _totals(self, amounts: pd.DataFrame, sites: pd.Series) -> pd.DataFrame:
        """Sums by site; one row per site."""
        return amounts.groupby(sites, observed=True).sum()

    def read(self, found: pd.DataFrame) -> Answer:
        """The answer in what a contestant returns."""
        return answer_of([str(site) for site in found.index], [found[target].to_numpy() for target in TARGETS])


class PintPandas(Pandas):
    """The point estimate where each stated measure is a column with its unit, and so are the rates."""

    @property
    def contestants(self) -> dict[str, Callable[[], Any]]:
        """What is asked of it by name."""
        return {"units": self.units}

    def units(self) -> pd.DataFrame:
        """Mixed units: a column of one unit per stated measure, merged and summed with Pint watching over them."""
        import pandas as pd
        import pint_pandas

        registry = _unit_registry()
        pint_pandas.PintType.ureg = registry
        totals = []
        for measure, rows in self.postings.groupby("measure", observed=True):
            rated = rows.merge(self.rate, on=list(STATED))
            amount = pint_pandas.PintArray(rated["amount"].to_numpy(), dtype=f"pint[{UNITS[str(measure)]}]")
            columns = {}
            for target, unit in _TARGET_UNITS.items():
                dtype = f"pint[({unit}) / ({UNITS[str(measure)]})]"
                product = amount * pint_pandas.PintArray(rated[target].to_numpy(), dtype=dtype)
                columns[target] = pd.Series(product.quantity.to(unit).magnitude)
            totals.append(pd.DataFrame(columns).groupby(rated["site"], observed=True).sum())
        return pd.concat(totals).groupby(level=0, observed=True).sum()


class NumPy:
    """Monte Carlo row by row: every row is multiplied by the 1,024 draws of its path in every target."""

    reads = ("memory",)
    chunk_rows = 32  # 32 rows x 8 targets x 1,024 draws of 8 bytes fill the cache of the second level

    def __init__(self, files: list[Path], rates: Rates, storage: str, workload: Workload) -> None:
        """Hold the rows in memory, sorted by site; the sort is not counted."""
        del storage
        table = _arrow_table(files)
        self.sites = workload.site_names
        site, measure, chip = (
            _codes(table[name], names)
            for name, names in (("site", workload.site_names), ("measure", MEASURES), ("chip", CHIPS))
        )
        path = (measure * len(CHIPS) + chip) * len(YEARS) + table["year"].to_numpy() - YEARS[0]
        order = np.lexsort((path, site))
        self.site, self.path, self.amount = site[order], path[order], table["amount"].to_numpy()[order]
        self.draws = np.ascontiguousarray(rates.draws.reshape(len(rates.draws), -1))

    @property
    def contestants(self) -> dict[str, Callable[[], Any]]:
        """What is asked of it by name."""
        return {"per_row": self.per_row}

    def per_row(self) -> tuple[Any, Any, Any]:
        """Totals by site, draw by draw, in chunks that stay in the cache and on two threads; then percentiles."""
        starts = np.flatnonzero(np.r_[True, np.diff(self.site) > 0])
        ends = np.r_[starts[1:], self.site.size]
        totals = np.empty((starts.size, self.draws.shape[1]))

        def total(place: int) -> None:
            totals[place] = 0
            for first in range(starts[place], ends[place], self.chunk_rows):
                rows = slice(first, min(first + self.chunk_rows, ends[place]))
                totals[place] += self.amount[rows] @ self.draws[self.path[rows]]

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(total, range(starts.size)))
        cube = totals.reshape(starts.size, len(TARGETS), -1)
        return self.site[starts], cube.mean(axis=2), np.quantile(cube, (0.05, 0.5, 0.95), axis=2)

    def read(self, found: tuple[Any, Any, Any]) -> Answer:
        """The answer in what a contestant returns."""
        sites, means, percentiles = found
        return answer_of(
            [self.sites[code] for code in sites], list(means.T), percentiles=np.moveaxis(percentiles, 0, 2)
        )


class Squigglepy(NumPy):
    """Monte Carlo row by row, each amount times a distribution of the mean and the spread of its rate."""

    @property
    def contestants(self) -> dict[str, Callable[[], Any]]:
        """What is asked of it by name."""
        return {"per_row": self.squiggled}

    def squiggled(self) -> tuple[Any, Any, Any]:
        """Totals by site of 1,024 draws a row and target, drawn anew."""
        import squigglepy as sq

        sq.set_seed(0)
        cube = self.draws.reshape(len(self.draws), len(TARGETS), -1)
        means, spreads = cube.mean(axis=2), cube.std(axis=2)
        starts, places = np.unique(self.site, return_inverse=True)
        totals = np.zeros((starts.size, len(TARGETS), cube.shape[2]))
        for place, path, amount in zip(places, self.path, self.amount, strict=True):
            for target in range(len(TARGETS)):
                mean, spread = means[path, target], spreads[path, target]
                is_fixed = spread <= 1e-12 * mean
                rate = sq.const(mean) if is_fixed else sq.lognorm(lognorm_mean=mean, lognorm_sd=spread)
                totals[place, target] += sq.sample(amount * rate, n=cube.shape[2])
        variances = np.zeros(totals.shape[:2])
        np.add.at(variances, places, (self.amount[:, None] * spreads[self.path]) ** 2)
        return starts, totals.mean(axis=2), np.sqrt(variances / cube.shape[2])

    def read(self, found: tuple[Any, Any, Any]) -> Answer:
        """The answer in what a contestant returns, with its standard error."""
        sites, means, errors = found
        return answer_of([self.sites[code] for code in sites], list(means.T), standard_errors=errors)


class PlainSum:
    """The bandwidth of the memory: what it takes to read the same bytes once and add them up."""

    reads = ("memory",)

    def __init__(self, files: list[Path], rates: Rates, storage: str, workload: Workload) -> None:
        """Hold columns as wide as those that an aggregation reads: site, measure, chip, year and amount."""
        import pyarrow.parquet as pq

        del rates, storage, workload
        count = sum(pq.read_metadata(path).num_rows for path in files)
        widths = (np.uint16, np.uint8, np.uint8, np.int32, np.float64)
        self.columns = [np.ones(count, dtype=width) for width in widths]

    @property
    def contestants(self) -> dict[str, Callable[[], Any]]:
        """What is asked of it by name."""
        return {"amounts": lambda: self.total(self.columns[-1:]), "columns": lambda: self.total(self.columns)}

    def total(self, columns: list[Any]) -> float:
        """The sum of every word of the columns, on two threads."""
        halves = [half for column in columns for half in np.array_split(_words(column), THREADS)]
        with ThreadPoolExecutor(THREADS) as pool:
            return sum(float(total) for total in pool.map(np.sum, halves))

    def read(self, found: float) -> None:
        """No answer: a sum of everything is no total by site."""


class Planted(Polars):
    """A contestant whose answer is wrong by a millionth: a run with it must fail."""

    @property
    def contestants(self) -> dict[str, Callable[[], Any]]:
        """What is asked of it by name."""
        return {"wrong": self.wrong}

    def wrong(self) -> pl.DataFrame:
        """The right answer, but for one total."""
        import polars as pl

        right = self.joined().sort("site")
        is_first = pl.int_range(pl.len()) == 0
        return right.with_columns(it_power=pl.col("it_power") * pl.when(is_first).then(1 + 1e-6).otherwise(1))


_TARGET_UNITS = {
    "compute": "h100e",
    "it_power": "MW",
    "facility_power": "MW",
    "utility_power": "MW",
    "energy": "MWh/year",
    "chip_capex": "USD",
    "total_capex": "USD",
    "cloud_spend": "USD/year",
}


def _unit_registry() -> Any:
    """The units of the measures, which Pint does not know by itself."""
    import pint

    registry = pint.UnitRegistry()
    for name in ("chip", "h100e", "USD"):
        registry.define(f"{name} = [{name}]")
    return registry


def _arrow_table(files: list[Path]) -> pa.Table:
    """The rows of the files with their texts as dictionaries."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = ["site", "measure", "chip"]
    return pa.concat_tables([pq.read_table(path, read_dictionary=texts) for path in files])


def _codes(column: Any, names: Any) -> Any:
    """The place of each text of a column of dictionaries in a list."""
    import pyarrow as pa
    import pyarrow.compute as pc

    places = []
    for chunk in column.chunks:
        found = pc.index_in(chunk.dictionary, value_set=pa.array(list(names))).to_numpy()
        places.append(found[chunk.indices.to_numpy()])
    return np.concatenate(places).astype(np.int64)


def _words(column: Any) -> Any:
    """A column as words of 8 bytes, but for a remainder."""
    raw = column.view(np.uint8)
    words = raw[: raw.size // 8 * 8]
    return words.view(np.float64 if column.dtype == np.float64 else np.int64)
