"""The workload: seeded postings as Parquet in a scratch folder, and the rates by which competitors rate them.

The first rows of a large workload are the rows of a small one, so that sizes share their files.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

MEASURES = ("chips", "it_power", "facility_power", "total_capex", "cloud_spend")
CHIPS = ("h100", "h200", "gb200", "gb300", "tpu-v6e", "tpu-v7", "mi355x", "trainium2")
YEARS = (2024, 2025, 2026, 2027, 2028)
TARGETS = (
    "compute",
    "it_power",
    "facility_power",
    "utility_power",
    "energy",
    "chip_capex",
    "total_capex",
    "cloud_spend",
)
FORM = 2  # counts up when the same parameters come to mean other rows
CHUNK_ROWS = 1_000_000
ROW_GROUP_ROWS = 250_000  # so that two cores share the smallest sets too
TEXTS = ("site", "measure", "chip")
FILE_ROWS = 10_000_000
FIRST_DAY = 19_723  # 2024-01-01 in days since 1970
DAYS = 1_827


@dataclass(frozen=True)
class Workload:
    """Postings of a seed: what they are named by, and whether each amount has a low and a high."""

    seed: int = 7
    sites: int = 1_000
    with_spread: bool = False
    compression: str = "zstd"

    @property
    def name(self) -> str:
        """The folder of its files: a checksum of its parameters."""
        text = json.dumps([FORM, asdict(self), MEASURES, CHIPS, YEARS, CHUNK_ROWS, ROW_GROUP_ROWS, FILE_ROWS])
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def site_names(self) -> list[str]:
        """The names of the sites, sorted."""
        return [f"site-{place:04d}" for place in range(self.sites)]

    @cached_property
    def site_shares(self) -> npt.NDArray[np.float64]:
        """The cumulative share of the rows of each site: a few large, many small."""
        weights = np.random.default_rng([self.seed]).lognormal(0, 1, self.sites)
        return np.cumsum(weights) / weights.sum()

    def files(self, rows: int, scratch: Path) -> list[Path]:
        """The files of the first rows, made where they are missing.

        Args:
            rows: number of rows; above 10 million a multiple of it.
            scratch: folder in which workloads are kept between runs.
        """
        folder = scratch / f"postings-{self.name}"
        folder.mkdir(parents=True, exist_ok=True)
        if rows < FILE_ROWS:
            wanted = {folder / f"rows-{rows}.parquet": (0, rows)}
        elif rows % FILE_ROWS:
            raise ValueError(f"{rows:,} rows: expected fewer than {FILE_ROWS:,} or a multiple of it")
        else:
            starts = range(0, rows, FILE_ROWS)
            wanted = {folder / f"part-{start // FILE_ROWS:03d}.parquet": (start, FILE_ROWS) for start in starts}
        missing = [(path, *span) for path, span in wanted.items() if not path.exists()]
        if len(missing) > 1:
            with ProcessPoolExecutor(2) as pool:
                list(pool.map(self.write, *zip(*missing, strict=True)))
        elif missing:
            self.write(*missing[0])
        return list(wanted)

    def write(self, path: Path, start: int, rows: int) -> None:
        """Write the rows from `start` on into a file, which appears when it is complete."""
        import pyarrow.parquet as pq

        draft = path.with_suffix(".draft")
        options: dict[str, Any] = {
            "compression": self.compression,
            "use_dictionary": list(TEXTS),
            "store_schema": False,
        }
        with pq.ParquetWriter(draft, self.chunk(0, 0).schema, **options) as writer:
            for first in range(start, start + rows, CHUNK_ROWS):
                count = min(CHUNK_ROWS, start + rows - first)
                writer.write_table(self.chunk(first // CHUNK_ROWS, count), row_group_size=ROW_GROUP_ROWS)
        draft.rename(path)

    def chunk(self, number: int, count: int) -> pa.Table:
        """The first rows of a chunk of a million."""
        import pyarrow as pa

        random = np.random.default_rng([self.seed, number])
        sites = np.searchsorted(self.site_shares, random.random(CHUNK_ROWS))
        paths = random.integers(0, len(MEASURES) * len(CHIPS) * len(YEARS), CHUNK_ROWS)
        measures, rest = np.divmod(paths, len(CHIPS) * len(YEARS))
        chips, years = np.divmod(rest, len(YEARS))
        amounts = random.lognormal(3, 1, CHUNK_ROWS)
        columns: dict[str, Any] = {
            "site": _text(sites, self.site_names),
            "measure": _text(measures, MEASURES),
            "chip": _text(chips, CHIPS),
            "year": pa.array(years + YEARS[0], pa.int32()),
            "amount": pa.array(amounts),
            "posted_on": pa.array(random.integers(FIRST_DAY, FIRST_DAY + DAYS, CHUNK_ROWS), pa.int32()).cast("date32"),
        }
        if self.with_spread:
            widths = random.uniform(0.05, 0.4, CHUNK_ROWS)
            columns |= {"low": pa.array(amounts * np.exp(-widths)), "high": pa.array(amounts * np.exp(widths))}
        return pa.table(columns).slice(0, count)


@dataclass(frozen=True)
class Rates:
    """The rates of every path into every target, as competitors get them: they are read, not counted as work."""

    draws: npt.NDArray[np.float64]  # one row per path, then targets, then draws

    @property
    def means(self) -> npt.NDArray[np.float64]:
        """The mean over draws; one row per path, one column per target."""
        return self.draws.mean(axis=2)

    def table(self) -> dict[str, Any]:
        """The mean rates as columns: path, measure, chip, year and one column per target; one row per path."""
        means = self.means
        paths = [(measure, chip, year) for measure in MEASURES for chip in CHIPS for year in YEARS]
        named = dict(zip(("measure", "chip", "year"), map(list, zip(*paths, strict=True)), strict=True))
        return {"path": list(range(len(paths))), **named, **{name: means[:, i] for i, name in enumerate(TARGETS)}}


def rates_of_ledger(scratch: Path) -> Rates:
    """The rates of the bundled ledger by its view `rate_draw`, without the aggregation core; kept for the workers."""
    import gigaledger

    ledger = gigaledger.open()
    frame = ledger.sql(
        "pivot (from rate_draw where list_contains($chips, chip_id) and list_contains($years, year)) "
        "on measure using first(amount_per_chip) group by chip_id, year, draw order by chip_id, year, draw".replace(
            "$chips", str(list(CHIPS))
        ).replace("$years", str(list(YEARS)))
    )
    bundles = {(chip, year): rows for (chip, year), rows in frame.partition_by("chip_id", "year", as_dict=True).items()}
    draws = np.array(
        [
            [bundles[chip, year][target].to_numpy() / bundles[chip, year][measure].to_numpy() for target in TARGETS]
            for measure in MEASURES
            for chip in CHIPS
            for year in YEARS
        ]
    )
    np.save(scratch / "rates.npy", draws)
    return Rates(draws)


def kept_rates(scratch: Path) -> Rates:
    """The rates that the run has kept for its workers."""
    return Rates(np.load(scratch / "rates.npy"))


def default_scratch() -> Path:
    """The folder that is used when none is named: below the system's folder for temporary files."""
    return Path(tempfile.gettempdir()) / "gigaledger-benchmarks"


def _text(codes: npt.NDArray[Any], names: tuple[str, ...] | list[str]) -> pa.Array:
    """Texts by their places in a list; files hold them as texts."""
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(names))
