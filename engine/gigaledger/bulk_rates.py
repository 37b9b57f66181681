"""What one unit of a stated measure is worth in another, draw by draw: the ratio of two entries of one bundle.

The formulas are those of `bundle_entry`, `between_bases`, `own_power_ratio` and `line_bundle_as_of`, with which the
tests hold this module together.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gigaledger.aggregation.bundle_formula import bundle_columns, bundles
from gigaledger.bulk import statistics
from gigaledger.bulk_tables import store_rows

if TYPE_CHECKING:
    from gigaledger.bulk import Draws, Places
    from gigaledger.ledger import Keep, Ledger

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
inner join assumption_draw as term on path.assumed_term = term.assumption_key
"""


# The members of chips and mixes, with the keys of the assumptions that rate them.
_MEMBERS = """
select rate_path.*, chip.fp8_dense_tflops, chip.bf16_dense_tflops, chip.tdp_w as rated_w
from rate_path
inner join chip on rate_path.member_id = chip.chip_id
where list_contains($1::varchar[], concat(rate_path.chip_id, '@', rate_path.year))
order by rate_path.chip_id, rate_path.year, rate_path.member_id
"""
# What the bundle formula calls the facts of a member.
_FACTS = {
    "share": "rate_path.share",
    "fp8_dense_tflops": "chip.fp8_dense_tflops",
    "bf16_dense_tflops": "chip.bf16_dense_tflops",
    "rated_w": "chip.tdp_w",
}
_KEYS = "select assumption_key from assumption_draw order by assumption_key"
_DRAWS = "select unnest(draws) as draw from (select draws from assumption_draw order by assumption_key)"

# Where amounts of unstated basis lie, by the row of assumption that says so.
_POSITIONS = """
select path.position_key, builder.draws
from (select distinct position_key from bulk_path where position_key is not null) as path
inner join assumption_draw as builder on path.position_key = builder.assumption_key
"""


@dataclass(frozen=True, slots=True)
class Bundles:
    """Bundles as arrays.

    Attributes:
        place: the row of each chip and year.
        entries: what one chip is worth, by measure, row and draw; the last row is unknown.
    """

    place: dict[tuple[str, int], int]
    entries: dict[str, Draws]

    def rows(self, chip: str, years: list[int]) -> Places:
        """The rows of a chip in some years; the last where it has no bundle."""
        return np.asarray([self.place.get((chip, year), -1) for year in years])


def bundles_of(ledger: Ledger, pairs: set[tuple[str, int]], draws: int) -> Bundles:
    """The bundles of chips or mixes and delivery years, by the formula of sql/."""
    members = ledger.connection.execute(_MEMBERS, [[f"{chip}@{year}" for chip, year in pairs]]).fetchnumpy()
    found = list(zip(members.pop("chip_id").tolist(), members.pop("year").tolist(), strict=True))
    place = {pair: number for number, pair in enumerate(dict.fromkeys(found))}
    starts = np.flatnonzero([number == 0 or pair != found[number - 1] for number, pair in enumerate(found)])
    keys, drawn = ledger.rows(_KEYS), ledger.connection.execute(_DRAWS).fetchnumpy()["draw"].reshape(-1, draws)
    row = {key: number for number, (key,) in enumerate(keys)}
    drawn = np.concatenate([drawn, np.full((1, draws), np.nan)])
    known = {}
    for name, values in members.items():
        if name in _FACTS:
            known[_FACTS[name]] = np.ma.filled(values.astype(float), np.nan)[:, None]
        elif name != "member_id":
            known[f"{name}.draws"] = drawn[[row.get(key, -1) for key in values.tolist()]]
    measures = [name for name, *_ in ledger.connection.execute("from bundle_draw limit 0").description][3:]
    worth = bundles(bundle_columns(), known, starts).named() if place else dict.fromkeys(measures, np.nan)
    entries = {measure: np.full((len(place) + 1, draws), np.nan) for measure in measures}
    for measure in measures:
        entries[measure][:-1] = worth[measure]
    return Bundles(place, entries)


def path_rates(ledger: Ledger, draws: int) -> Draws:
    """The rates that are asked for, by place of `bulk_rate` and draw [target per stated unit]; nan where unknown."""
    drawn = _Drawn(
        lags=dict(ledger.rows(_LAGS)),
        terms={term: np.asarray(years) for term, years in ledger.rows(_TERMS)},
        positions={key: np.asarray(position) for key, position in ledger.rows(_POSITIONS)},
    )
    paths = ledger.records(_PATHS)
    pairs = {
        (path["chip_id"], year)
        for path in paths
        for year in ([path["year"]] if path["year"] is not None else drawn.lags.get(path["lag_from_year"], []))
    }
    bundled = bundles_of(ledger, pairs, draws)
    bounds = np.cumsum([0, *(len(path["targets"]) for path in paths)])
    rates = np.empty((bounds[-1], draws))
    for path, (start, end) in zip(paths, itertools.pairwise(bounds), strict=True):
        _fill_rates(rates[start:end], path, bundled, drawn)
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


_PAIRS = """
select chip_id, year, (row_number() over (order by chip_id, year) - 1)::integer as place
from ({})
"""
# What stands in for `rate_interval`; entries of a bundle that are no measure are left out where units are added.
_ROWS = """
select pair.chip_id, pair.year, {measures}[bulk.entry + 1] as measure, bulk.amount_per_chip_mean,
    [bulk.p05, bulk.p50, bulk.p95] as amount_per_chip
from bulk_rate_interval as bulk
inner join bulk_pair as pair on bulk.pair = pair.place
where not isnan(bulk.amount_per_chip_mean)
"""
PAIRS_AT_ONCE = 250


def keep_rates(ledger: Ledger, keep: Keep, pairs_asked: str = "select distinct chip_id, year from rate_path") -> None:
    """Keep the means and percentiles of what one chip is worth.

    Args:
        ledger: an open ledger.
        keep: keeps the rows of a macro while the question lasts.
        pairs_asked: a query of the chips or mixes and delivery years that will be asked for; all that can be rated.
    """
    ledger.connection.execute("create or replace temp table bulk_pair as " + _PAIRS.format(pairs_asked))
    pairs = ledger.rows("select chip_id, year from bulk_pair order by place")
    draws = int(ledger.rows("select draw_count from run")[0][0])
    measures: list[str] = []
    parts = []
    for start in range(0, max(len(pairs), 1), PAIRS_AT_ONCE):
        entries = bundles_of(ledger, set(pairs[start : start + PAIRS_AT_ONCE]), draws).entries
        measures = list(entries)
        parts.append(statistics(np.stack([worth[:-1] for worth in entries.values()], axis=1)))
    values = np.concatenate(parts).reshape(-1, 4).T.copy()
    rows = {
        "pair": np.repeat(np.arange(len(pairs)), len(measures)),
        "entry": np.tile(np.arange(len(measures)), len(pairs)),
        **dict(zip(("amount_per_chip_mean", "p05", "p50", "p95"), values, strict=True)),
    }
    store_rows(ledger, "bulk_rate_interval", rows)
    keep("rate_interval", "", [], rows=_ROWS.format(measures=measures))
