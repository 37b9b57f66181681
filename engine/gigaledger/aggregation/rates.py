"""What one unit of a stated amount is worth in each target, draw by draw, by the bundles of a ledger."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

import numpy as np

from gigaledger.conversion import ALL, chip_names
from gigaledger.errors import GigaledgerError, did_you_mean
from gigaledger.ledger import DRAW_COUNT, SEED, open_ledger, run_formula
from gigaledger.paths import sql_folder
from gigaledger.results import checked_target, target_measures
from gigaledger.settings import set_assumption
from gigaledger.units import fold_name

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import numpy.typing as npt

    from gigaledger.ledger import Ledger

    Draws = npt.NDArray[np.float64]

Settings = tuple[tuple[str, tuple[float, float, float]], ...]
YEARS = (2000, 2100)  # the years that the datasets accept


@dataclass(frozen=True, slots=True)
class Path:
    """How an amount is stated: its measure, its chip or mix by id, and the delivery year whose rates serve it."""

    measure: str
    chip_id: str
    year: int


class Rates:
    """The rates of a ledger under some settings: paths from texts, draws from bundles."""

    def __init__(self, ledger: Callable[[], Ledger], settings: Settings = (), unset: Rates | None = None) -> None:
        """Take what opens the ledger; `unset`: the rates without the settings, whose ledger draws with them shortly."""
        self.settings = settings
        self._open = ledger
        self._unset = unset
        self._lock: threading.RLock = unset._lock if unset else threading.RLock()  # noqa: SLF001 - of the same class
        self._drawn: dict[tuple[Path, ...], dict[str, Any]] = {}

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger that rates, with its chips, mixes and assumptions alone."""
        return self._unset.ledger if self._unset else self._open()

    @cached_property
    def draw_count(self) -> int:
        """How many draws every assumption has."""
        return int(self.ledger.rows("select draw_count from run")[0][0])

    @cached_property
    def seed(self) -> int:
        """The seed of the draws."""
        return int(self.ledger.rows("select seed from run")[0][0])

    @cached_property
    def units(self) -> dict[str, str]:
        """The target measures with their units."""
        return target_measures(self.ledger)

    @cached_property
    def _measures(self) -> dict[str, tuple[str, str, str]]:
        """The kind, the meaning and the unit of every measure."""
        return {row[0]: row[1:] for row in self.ledger.rows("select measure, kind, meaning, unit from measure")}

    @cached_property
    def _chips(self) -> dict[str, str]:
        """The id of every chip and mix by its folded names."""
        return chip_names(self.ledger)

    @cached_property
    def _rated_years(self) -> dict[int, int]:
        """The year whose rates serve each delivery year."""
        query = "select year, rated_year(year) from (select unnest(range($1::integer, $2::integer + 1)) as year)"
        return dict(self.ledger.rows(query, [*YEARS]))

    def targets(self, to: str | Iterable[str]) -> tuple[str, ...]:
        """The target measures asked for, each once; `all`: every measure that amounts can be converted into."""
        asked = [to] if isinstance(to, str) else list(to)
        if asked == [ALL]:
            return tuple(self.units)
        return tuple(dict.fromkeys(checked_target(self.ledger, name) for name in asked))

    def changed(self, settings: Mapping[str, tuple[float, float, float]]) -> Rates:
        """These rates with some assumptions changed."""
        merged = {**dict(self.settings), **settings}
        changed = Rates(self._open, tuple(sorted(merged.items())), self._unset or self)
        connection = changed.ledger.connection
        with changed._lock, _rolled_back(connection):
            for assumption, percentiles in changed.settings:  # refuses a wrong one at once
                set_assumption(connection, assumption, percentiles)
        return changed

    def path(
        self, measure: str | None, chip: str | None, year: int | None, unit: str | None = None
    ) -> tuple[Path, float] | str:
        """The path of a row with units of its measure per stated unit, or what is wrong with it in words."""
        if measure is None or measure not in self._measures:
            return (
                "no measure"
                if measure is None
                else f"unknown measure {measure!r}{did_you_mean(measure, self._measures)}"
            )
        kind, meaning, own_unit = self._measures[measure]
        if kind == "fact":
            return f"{measure} ({meaning}) is a fact, not capacity"
        chip_id = None if chip is None else self._chips.get(fold_name(chip))
        if chip_id is None:
            return (
                "no chip" if chip is None else f"unknown chip {chip!r}{did_you_mean(chip, set(self._chips.values()))}"
            )
        if year is None or year not in self._rated_years:
            return "no year" if year is None else f"year {year}, not between {YEARS[0]} and {YEARS[1]}"
        factor = 1.0 if unit in (None, own_unit) else self._factor(unit, measure)
        if factor is None:
            return f"unit {unit!r} is none of {measure}, which is counted in {own_unit}"
        return Path(measure, chip_id, self._rated_years[year]), factor

    def _factor(self, unit: str | None, measure: str) -> float | None:
        """Units of a measure per stated unit; None where it is no unit of the measure."""
        from gigaledger.units import factor_of, pint_unit_of, units_of

        units = units_of(frozenset((name, row[2]) for name, row in self._measures.items()))
        try:
            return factor_of(pint_unit_of(unit or "", units, {})[0], measure, units)
        except GigaledgerError:
            return None

    def draws(self, paths: list[Path], targets: tuple[str, ...]) -> dict[str, Draws]:
        """For each target, one row per path and one column per draw: target units per unit of the stated amount.

        A rate that an assumption is missing for is nan.
        """
        with self._lock:  # the ledger answers one thread at a time
            entries = self._drawn.get(tuple(paths))
            if entries is None:
                entries = self._drawn[tuple(paths)] = self._entries(paths)
        rows = [entries["places"][path.chip_id, path.year] for path in paths]
        measures = [path.measure for path in paths]
        stated = np.array([entries[measure][row] for measure, row in zip(measures, rows, strict=True)])
        inverse = 1 / stated.reshape(len(paths), -1)
        result = {}
        for target in targets:
            rates = entries[target][rows] * inverse
            rates[[measure == target for measure in measures]] = 1.0  # what is stated in the target is not converted
            result[target] = rates
        return result

    def deviates(self, names: list[str]) -> Draws:
        """Standard normal deviates, one row per name and one column per draw; each name is a stream."""
        query = (sql_folder() / "core" / "group_deviates.sql").read_text(encoding="utf-8")
        streams = dict(self.ledger.rows(query, [names]))
        return np.array([streams[name] for name in names])

    def _entries(self, paths: list[Path]) -> dict[str, Any]:
        """The bundles of paths: one array per measure, one row per chip and year and one column per draw."""
        pairs = sorted({(path.chip_id, path.year) for path in paths})
        asked = [[f"{chip}@{year}" for chip, year in pairs]]
        query = (sql_folder() / "core" / "bundle_entries.sql").read_text(encoding="utf-8")
        with self._as_set():
            self.ledger.connection.execute("set variable rated_pairs = $1::varchar[]", asked)
            columns = self.ledger.connection.execute(query).fetchnumpy()
        arrays = {
            name: np.ma.filled(values.astype(float), np.nan).reshape(len(pairs), self.draw_count)
            for name, values in columns.items()
        }
        return {**arrays, "places": {pair: place for place, pair in enumerate(pairs)}}

    @contextmanager
    def _as_set(self) -> Iterator[None]:
        """The ledger with the settings of these rates, until the block ends; it is shared by all rates of its seed."""
        if not self.settings:
            yield
            return
        connection = self.ledger.connection
        with _rolled_back(connection):
            for assumption, percentiles in self.settings:
                set_assumption(connection, assumption, percentiles)
            run_formula(connection, sql_folder() / "draws" / "assumption_draw.sql")
            yield


@contextmanager
def _rolled_back(connection: Any) -> Iterator[None]:
    """A transaction that leaves the ledger as it was."""
    connection.execute("begin")
    try:
        yield
    finally:
        connection.execute("rollback")


@lru_cache(maxsize=4)
def bundled_rates(seed: int, draw_count: int) -> Rates:
    """The rates of the bundled ledger, opened once for each seed and number of draws."""
    return Rates(partial(open_ledger, seed=seed, draws=draw_count, for_conversion=True))


def rates_of(
    *,
    datasets: str | os.PathLike[str] | None = None,
    extend: bool = False,
    settings: Mapping[str, tuple[float, float, float]] | None = None,
    seed: int = SEED,
    draw_count: int = DRAW_COUNT,
) -> Rates:
    """The rates of the bundled ledger, or of a folder's, under some settings."""
    if datasets is None:
        rates = bundled_rates(seed, draw_count)
    else:
        rates = Rates(
            partial(open_ledger, FilePath(datasets), extend=extend, seed=seed, draws=draw_count, for_conversion=True)
        )
    return rates.changed(settings) if settings else rates
