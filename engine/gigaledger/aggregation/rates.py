"""What one unit of a stated amount is worth in each target, draw by draw, by the bundles of a ledger."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

import numpy as np

from gigaledger.aggregation.bundle_formula import BundleColumns, bundles, formula
from gigaledger.aggregation.members import Members, members_of
from gigaledger.conversion import ALL, chip_names
from gigaledger.errors import BadQuestion, GigaledgerError, did_you_mean
from gigaledger.ledger import DRAW_COUNT, SEED, open_ledger
from gigaledger.paths import sql_folder
from gigaledger.results import checked_target, target_measures
from gigaledger.settings import Settable, rows_set, settable
from gigaledger.units import fold_name

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping

    import numpy.typing as npt

    from gigaledger.ledger import Ledger

    Draws = npt.NDArray[np.float64]

Pair = tuple[str, int]
Settings = tuple[tuple[str, tuple[float, float, float]], ...]
_UNKNOWN = np.array([np.nan])
_MOST_KEPT = 16  # sets of chips and years whose bundles are kept
_MOST_PAIRS = 256  # chips and years up to which all columns of the bundle formula are kept, not the measures alone
_TERMS = ("cloud_term_years", "lease_term_years")
# What no setting changes, so that it is read once.
_SHARED = (
    *("ledger", "draw_count", "seed", "units", "_measures", "_chips", "_rated_years", "_members", "_drawn"),
    "_settable",
)
_SET_STREAM = "create temp table if not exists set_stream (assumption_id varchar, place integer, z double, u double)"
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
        self._redrawn: dict[str, Draws] = {}
        self._rated: dict[tuple[Pair, ...], dict[str, Draws]] = {}
        self._bundles: dict[tuple[Pair, ...], BundleColumns] = {}
        self._streams: dict[tuple[str, ...], Draws] = unset._streams if unset else {}  # noqa: SLF001
        self._paths: dict[tuple[Any, ...], tuple[Path, float]] = unset._paths if unset else {}  # noqa: SLF001
        self._placed: set[str] = unset._placed if unset else set()  # noqa: SLF001 - whose strata are kept

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger that rates, with its chips, mixes and assumptions alone."""
        return self._open()

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
        if not asked:
            raise BadQuestion(f"to names no measure; expected {ALL}, or some of {', '.join(self.units)}")
        return tuple(dict.fromkeys(checked_target(self.ledger, name) for name in asked))

    def changed(self, settings: Mapping[str, tuple[float, float, float]]) -> Rates:
        """These rates with some assumptions changed."""
        merged = {**dict(self.settings), **settings}
        unset = self._unset or self
        changed = Rates(self._open, tuple(sorted(merged.items())), unset)
        with self._lock:  # the ledger answers one thread at a time
            changed.__dict__.update({name: getattr(unset, name) for name in _SHARED})
        changed._redrawn = changed._draws_as_set()
        return changed

    def unchanged(self, others: Rates, paths: list[Path], targets: Iterable[str]) -> set[str]:
        """The targets of which every rate of the paths is the same in other rates."""
        pairs = _pairs(paths)
        before, after = self._entries(pairs), others._entries(pairs)
        same = {
            name
            for name in self._measures
            if name in before
            and (before[name] is after[name] or np.array_equal(before[name], after[name], equal_nan=True))
        }
        stated = {path.measure for path in paths}
        kept = set()
        for target in targets:
            converted = stated - {target}  # what is stated in the target is not converted
            if not converted or {target, *converted} <= same:
                kept.add(target)
        return kept

    def path(
        self, measure: str | None, chip: str | None, year: int | None, unit: str | None = None
    ) -> tuple[Path, float] | str:
        """The path of a row with units of its measure per stated unit, or what is wrong with it in words."""
        stated = (measure, chip, year, unit)
        if stated in self._paths:
            return self._paths[stated]
        found = self._found_path(*stated)
        if not isinstance(found, str):  # of what is known there is little
            self._paths[stated] = found
        return found

    def _found_path(
        self, measure: str | None, chip: str | None, year: int | None, unit: str | None
    ) -> tuple[Path, float] | str:
        """The path of a row that was not asked for before, or what is wrong with it in words."""
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
        pairs = _pairs(paths)
        places = {pair: place for place, pair in enumerate(pairs)}
        shape = (len(pairs), self.draw_count)
        entries = {
            name: np.broadcast_to(values, shape)
            for name, values in self._entries(pairs).items()
            if name in self._measures
        }
        rows = np.array([places[path.chip_id, path.year] for path in paths], dtype=np.int64)
        measures = np.array([path.measure for path in paths])
        inverse = np.empty((len(paths), self.draw_count))
        with np.errstate(divide="ignore"):
            for measure in {path.measure for path in paths}:
                is_stated = measures == measure
                inverse[is_stated] = (1 / entries[measure])[rows[is_stated]]
        result = {}
        for target in targets:
            rates = entries[target][rows] * inverse
            rates[measures == target] = 1.0  # what is stated in the target is not converted
            result[target] = rates
        return result

    def deviates(self, names: list[str]) -> Draws:
        """Standard normal deviates, one row per name and one column per draw; each name is a stream."""
        asked = tuple(names)
        with self._lock:
            if asked not in self._streams:
                query = (sql_folder() / "core" / "group_deviates.sql").read_text(encoding="utf-8")
                with self.ledger.on_all_cores():
                    streams = dict(self.ledger.rows(query, [names]))
                self._streams.clear()  # the groups of one question at a time
                self._streams[asked] = np.array([streams[name] for name in names]).reshape(len(names), self.draw_count)
            return self._streams[asked]

    def _entries(self, pairs: tuple[Pair, ...]) -> dict[str, Draws]:
        """The bundles of chips and years: by measure a row for each and a column per draw, or one for all."""
        if not pairs:
            return {name: np.empty((0, self.draw_count)) for name in self._measures}
        with self._lock:  # the ledger answers one thread at a time
            if pairs not in self._rated:
                if len(self._rated) == _MOST_KEPT:
                    self._rated.clear()
                    self._bundles.clear()
                found = self._rate(pairs)
                self._rated[pairs] = {name: values for name, values in found.named().items() if name in self._measures}
                if len(pairs) <= _MOST_PAIRS:
                    self._bundles[pairs] = found
            return self._rated[pairs]

    def _rate(self, pairs: tuple[Pair, ...]) -> BundleColumns:
        """The bundles of some chips and years by the formula of sql/, with the draws as they are set.

        Columns that no setting reaches are those of the rates without settings.
        """
        members = self._members
        draws = {**self._drawn, **self._redrawn}
        places = [place for pair in pairs for place in members.places[pair]]
        starts = np.cumsum([0, *(len(members.places[pair]) for pair in pairs[:-1])])
        before = self._before(pairs)
        same = before.known if before else {}
        known = {name: same.get(name, values[places, None]) for name, values in members.facts.items()}
        for name, of_members in members.keys.items():
            keys, column = [of_members[place] or "" for place in places], f"{name}.draws"
            is_same = column in same and self._redrawn.keys().isdisjoint(keys)
            known[column] = same[column] if is_same else _rows(draws, keys)
        for name in _TERMS:
            key = f"{name}@*@*"
            known[name] = same[name] if name in same and key not in self._redrawn else _rows(draws, [key])
        return bundles(formula(), known, starts, before)

    def _before(self, pairs: tuple[Pair, ...]) -> BundleColumns | None:
        """The bundles of the rates without settings, where they are kept."""
        if self._unset is None:
            return None
        self._unset._entries(pairs)  # noqa: SLF001 - of the same class
        return self._unset._bundles.get(pairs)  # noqa: SLF001

    @cached_property
    def _members(self) -> Members:
        """The chips and mixes of the ledger with their members, by delivery year."""
        return members_of(self.ledger)

    @cached_property
    def _drawn(self) -> dict[str, Draws]:
        """The draws of every assumption as the ledger has it, by assumption_key."""
        columns = self.ledger.connection.execute("select assumption_key, draws from assumption_draw").fetchnumpy()
        return dict(zip(columns["assumption_key"].tolist(), columns["draws"], strict=True))

    @cached_property
    def _settable(self) -> list[Settable]:
        """The assumptions of the ledger that can be set."""
        return settable(self.ledger.connection)

    def _draws_as_set(self) -> dict[str, Draws]:
        """The draws of the assumptions that are set, by assumption_key; the ledger keeps its own."""
        query = (sql_folder() / "core" / "set_draws.sql").read_text(encoding="utf-8")
        drawn = {}
        with self._lock:
            for name, percentiles in self.settings:
                for row in rows_set(self._settable, name, percentiles):
                    self._place(row.assumption_id)
                    asked = [row.assumption_id, *percentiles, row.distribution, row.minimum, row.maximum]
                    drawn[row.assumption_key] = self.ledger.connection.execute(query, asked).fetchnumpy()["draws"][0]
        return drawn

    def _place(self, assumption_id: str) -> None:
        """Keep the strata of an assumption in the order of its draws, unless they are kept."""
        if assumption_id not in self._placed:
            self.ledger.connection.execute(_SET_STREAM)
            query = (sql_folder() / "core" / "set_stream.sql").read_text(encoding="utf-8")
            self.ledger.connection.execute(query, [assumption_id])
            self._placed.add(assumption_id)


def _rows(draws: Mapping[str, Draws], keys: list[str]) -> Draws:
    """The draws of some assumptions, a row for each key, or one row where all are the same; nan where there is none."""
    chosen = [draws.get(key, _UNKNOWN) for key in keys]
    return chosen[0][None] if all(one is chosen[0] for one in chosen) else np.stack(np.broadcast_arrays(*chosen))


def _pairs(paths: list[Path]) -> tuple[Pair, ...]:
    """The chips and years of paths, each once."""
    return tuple(sorted({(path.chip_id, path.year) for path in paths}))


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
