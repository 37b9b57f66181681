"""What one unit of a stated amount is worth in each target, draw by draw, by the bundles of a ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gigaledger.conversion import ALL, chip_names
from gigaledger.ledger import SEED, open_ledger, run_formula
from gigaledger.paths import sql_folder
from gigaledger.results import checked_target, target_measures
from gigaledger.units import fold_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    from gigaledger.ledger import Ledger

    Draws = npt.NDArray[np.float64]

Settings = dict[str, tuple[float, float, float]]
YEARS = (2000, 2100)  # the years that the datasets accept


@dataclass(frozen=True, slots=True)
class Path:
    """How an amount is stated: its measure, its chip or mix by id, and the delivery year whose rates serve it."""

    measure: str
    chip_id: str
    year: int


class Rates:
    """The rates of one ledger: paths from texts, draws from bundles."""

    def __init__(
        self, datasets: Any = None, *, extend: bool = False, settings: Mapping[str, Any] | None = None, seed: int = SEED
    ) -> None:
        """Open the ledger that rates, with its assumptions alone."""
        self.ledger: Ledger = open_ledger(datasets, extend=extend, settings=settings, seed=seed, for_conversion=True)
        self.units = target_measures(self.ledger)
        self._kinds = {
            measure: (kind, meaning)
            for measure, kind, meaning in self.ledger.rows("select measure, kind, meaning from measure")
        }
        self._chips = chip_names(self.ledger)
        self._rated_years = dict(
            self.ledger.rows("select year, rated_year(year) from (select unnest(range($1, $2 + 1)) as year)", [*YEARS])
        )

    def targets(self, to: str | Iterable[str]) -> tuple[str, ...]:
        """The target measures asked for, each once; `all`: every measure that amounts can be converted into."""
        asked = [to] if isinstance(to, str) else list(to)
        if asked == [ALL]:
            return tuple(self.units)
        return tuple(dict.fromkeys(checked_target(self.ledger, name) for name in asked))

    def path(self, measure: str | None, chip: str | None, year: int | None) -> Path | str:
        """The path of a row, or what is wrong with it in words."""
        if measure is None or measure not in self._kinds:
            return "no measure" if measure is None else f"unknown measure {measure!r}"
        kind, meaning = self._kinds[measure]
        if kind == "fact":
            return f"{measure} ({meaning}) is a fact, not capacity"
        chip_id = None if chip is None else self._chips.get(fold_name(chip))
        if chip_id is None:
            return "no chip" if chip is None else f"unknown chip {chip!r}"
        if year is None or year not in self._rated_years:
            return "no year" if year is None else f"year {year} is not between {YEARS[0]} and {YEARS[1]}"
        return Path(measure, chip_id, self._rated_years[year])

    def draws(self, paths: list[Path], targets: tuple[str, ...]) -> dict[str, Draws]:
        """For each target, one row per path and one column per draw: target units per unit of the stated amount.

        A rate that an assumption is missing for is nan.
        """
        pairs = sorted({(path.chip_id, path.year) for path in paths})
        self.ledger.rate(
            "select unnest($1::varchar[]) as chip_id, unnest($2::integer[]) as year",
            [[chip for chip, _ in pairs], [year for _, year in pairs]],
        )
        entries = self._entries()
        stated = [entries[path.measure][entries_row] for path, entries_row in self._rows(paths, entries)]
        inverse = 1 / np.array(stated).reshape(len(paths), -1)
        rows = [row for _, row in self._rows(paths, entries)]
        result = {}
        for target in targets:
            rates = entries[target][rows] * inverse
            same = [place for place, path in enumerate(paths) if path.measure == target]
            rates[same] = 1.0  # an amount that is stated in the target is not converted at all
            result[target] = rates
        return result

    def _rows(self, paths: list[Path], entries: dict[str, Any]) -> list[tuple[Path, int]]:
        """Each path with the row of its bundle."""
        return [(path, entries["places"][path.chip_id, path.year]) for path in paths]

    def _entries(self) -> dict[str, Any]:
        """The kept bundles: one array per measure, one row per chip and year and one column per draw."""
        query = (sql_folder() / "core" / "bundle_entries.sql").read_text(encoding="utf-8")
        columns = self.ledger.connection.execute(query).fetchnumpy()
        count = self.ledger.rows("select draw_count from run")[0][0]
        chips, years = columns.pop("chip_id")[::count], columns.pop("year")[::count]
        places = {pair: place for place, pair in enumerate(zip(chips.tolist(), years.tolist(), strict=True))}
        arrays = {
            name: np.ma.filled(values.astype(float), np.nan).reshape(-1, count) for name, values in columns.items()
        }
        return {**arrays, "places": places}


def keep_draws_formula(ledger: Ledger) -> None:
    """Draw the assumptions of a ledger again after one of them has changed."""
    run_formula(ledger.connection, sql_folder() / "draws" / "assumption_draw.sql")
