"""What one unit of a stated measure is worth in another, draw by draw: the ratio of two entries of one bundle.

The formulas are those of `bundle_entry`, `between_bases`, `own_power_ratio` and `line_bundle_as_of`, with which the
tests hold this module together.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from gigaledger.bulk import Draws, Places
    from gigaledger.ledger import Ledger

# The yearly entry of a bundle that a contract is over its years, by the measure of the contract.
_YEARLY = {"lease_contract": "lease_spend", "cloud_contract": "cloud_spend", "chip_hours": "chip_hours_per_year"}
# The two bases between which an amount of unstated basis lies.
_BASES = {"unstated_power": ("it_power", "utility_power"), "unstated_capex": ("site_capex", "total_capex")}
_OWN_POWER = frozenset({"facility_power", "utility_power", "energy"})

_PATHS = """
select path.stated_measure, path.chip_id, path.year, path.lag_from_year, path.assumed_term, path.own_ratio,
    path.position_key, list(rate.target_measure order by rate.place) as targets
from bulk_path as path
inner join bulk_rate as rate using (path_id)
group by all
order by min(rate.place)
"""

# The delivery year of an undated deal in each draw.
_LAGS = """
select lag_from_year, list(year order by draw) as years
from (
    select path.lag_from_year, lag.draw, rated_year(path.lag_from_year + round(lag.years))::integer as year
    from (select distinct lag_from_year from bulk_path where lag_from_year is not null) as path
    cross join (
        select unnest(range(len(draws))) as draw, unnest(draws) as years
        from assumption_draw
        where assumption_key = 'delivery_lag_years@*@*'
    ) as lag
)
group by lag_from_year
"""

_TERMS = """
select path.assumed_term, term.draws
from (select distinct assumed_term from bulk_path where assumed_term is not null) as path
inner join assumption_draw as term on concat(path.assumed_term, '@*@*') = term.assumption_key
"""


# Where amounts of unstated basis lie, by the row of assumption that says so.
_POSITIONS = """
select path.position_key, builder.draws
from (select distinct position_key from bulk_path where position_key is not null) as path
inner join assumption_draw as builder on path.position_key = builder.assumption_key
"""


@dataclass(frozen=True, slots=True)
class Bundles:
    """The bundles that are kept, as arrays.

    Attributes:
        place: the row of each chip and year.
        entries: what one chip is worth, by measure, row and draw; the last row is unknown.
    """

    place: dict[tuple[str, int], int]
    entries: dict[str, Draws]

    def rows(self, chip: str, years: list[int]) -> Places:
        """The rows of a chip in some years; the last where it has no bundle."""
        return np.asarray([self.place.get((chip, year), -1) for year in years])


def kept_bundles(ledger: Ledger, draws: int) -> Bundles:
    """The bundles of the table `bundle_draw`, whose rows stand draw by draw."""
    columns = ledger.connection.execute("select * from bundle_draw order by rowid").fetchnumpy()
    pairs = zip(columns.pop("chip_id")[::draws].tolist(), columns.pop("year")[::draws].tolist(), strict=True)
    del columns["draw"]
    unknown = np.full((1, draws), np.nan)
    return Bundles(
        place={pair: place for place, pair in enumerate(pairs)},
        entries={
            measure: np.concatenate([np.ma.filled(column, np.nan).reshape(-1, draws), unknown])
            for measure, column in columns.items()
        },
    )


def path_rates(ledger: Ledger, draws: int) -> Draws:
    """The rates that are asked for, by place of `bulk_rate` and draw [target per stated unit]; nan where unknown."""
    bundles = kept_bundles(ledger, draws)
    drawn = _Drawn(
        lags=dict(ledger.rows(_LAGS)),
        terms={term: np.asarray(years) for term, years in ledger.rows(_TERMS)},
        positions={key: np.asarray(position) for key, position in ledger.rows(_POSITIONS)},
    )
    paths = ledger.records(_PATHS)
    bounds = np.cumsum([0, *(len(path["targets"]) for path in paths)])
    rates = np.empty((bounds[-1], draws))
    for path, (start, end) in zip(paths, itertools.pairwise(bounds), strict=True):
        _fill_rates(rates[start:end], path, bundles, drawn)
    return rates


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What is drawn beside the bundles: delivery years, terms [year] and positions between two bases, by name."""

    lags: dict[int, list[int]]
    terms: dict[str, Draws]
    positions: dict[str, Draws]


def _fill_rates(rates: Draws, path: dict[str, Any], bundles: Bundles, drawn: _Drawn) -> None:
    """The rates of one path into each of its targets."""
    places: Any = (-1,)
    if path["year"] is not None:
        places = (bundles.rows(path["chip_id"], [path["year"]])[0],)
    elif path["lag_from_year"] in drawn.lags:
        places = (bundles.rows(path["chip_id"], drawn.lags[path["lag_from_year"]]), np.arange(rates.shape[1]))
    contract_years = drawn.terms.get(path["assumed_term"], 1.0)
    position = drawn.positions.get(path["position_key"])
    ratio = path["own_ratio"]
    own_power = 1.0 if ratio is None else _own_power(ratio, bundles, places)

    def entry(measure: str) -> Draws:
        worth: Draws = bundles.entries[_YEARLY.get(measure, measure)][places]
        if measure in _YEARLY:
            worth = worth * contract_years
        elif measure in _OWN_POWER:
            worth = worth * own_power
        elif measure in _BASES and position is not None:
            lower, upper = (bundles.entries[basis][places] for basis in _BASES[measure])
            between = lower * (upper / lower) ** position
            worth = np.where(np.isnan(between), worth, between)
        return worth

    stated = entry(path["stated_measure"])
    for rate, target in zip(rates, path["targets"], strict=True):
        rate[:] = 1 if target == path["stated_measure"] else entry(target) / stated


def _own_power(ratio: float, bundles: Bundles, places: Any) -> Draws:
    """What facility power is multiplied by at a site that keeps its own ratio; 1 where the bundle is unknown."""
    own = ratio * bundles.entries["it_power"][places] / bundles.entries["facility_power"][places]
    known: Draws = np.where(np.isnan(own), 1, own)
    return known
