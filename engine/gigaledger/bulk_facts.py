"""What `bulk` multiplies: lines of deals, sites and claims as arrays of places, and the draws to which they point."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gigaledger.bulk_queries import CLAIMS, COMPARED, DEALS, LINES, PLACES, SHAPES, STRATA, TARGETS
from gigaledger.bulk_rates import path_rates

if TYPE_CHECKING:
    import datetime as dt

    import duckdb

    from gigaledger.bulk import Draws, Places
    from gigaledger.ledger import Keep, Ledger

# The query of the lines of one or more days, and its arguments, by the macro in whose place they are kept.
Lines = dict[str, tuple[str, list[Any]]]


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a reconciliation as arrays; a place is a row of another array, -1 none.

    Attributes:
        programmes, sites, measures: ids by place; the measures asked for.
        targets: the measures asked for, then those in which stages are compared.
        rate: target per stated unit, by path and target and by draw; nan where unknown.
        has_unknown_rates: whether any of them is unknown.
        shape: factors of a spread of its own [1], by shape and stratum.
        stratum: the stratum of each draw, by stream and draw.
        deal_*: one row per deal by programme (after the last: it counts for none): id, programme, weight, shape,
            stream, and rate by measure.
        claim_*: one row per claim by programme, site and layer: programme, all three as one number, weight, shape,
            stream.
        line_*: one row per line of a site by site: site, target, stage, weight, shape, stream, rate.
        compared_with: the target in which a site's construction and plan are stated, by site and measure.
    """

    programmes: list[str]
    sites: list[str]
    measures: list[str]
    targets: list[str]
    layer_count: int
    rate: Draws
    has_unknown_rates: bool
    shape: Draws
    stratum: Places
    deal_id: list[str]
    deal_programme: Places
    deal_weight: Draws
    deal_shape: Places
    deal_stream: Places
    deal_rate: Places
    claim_programme: Places
    claim_layer_key: Places
    claim_weight: Draws
    claim_shape: Places
    claim_stream: Places
    line_site: Places
    line_target: Places
    line_stage: Places
    line_weight: Draws
    line_shape: Places
    line_stream: Places
    line_rate: Places
    compared_with: Places

    @property
    def draw_count(self) -> int:
        """Number of draws."""
        return int(self.rate.shape[1])

    @property
    def programme_count(self) -> int:
        """Number of programmes."""
        return len(self.programmes)

    @property
    def site_count(self) -> int:
        """Number of sites."""
        return len(self.sites)

    @property
    def measure_count(self) -> int:
        """Number of measures asked for."""
        return len(self.measures)

    @property
    def target_count(self) -> int:
        """Number of measures asked for or compared in."""
        return len(self.targets)


def facts_as_of(ledger: Ledger, keep: Keep, day: dt.date, measures: list[str], *, is_every: bool = False) -> Facts:
    """The facts of a reconciliation at a date.

    Args:
        ledger: a ledger that keeps `site_line_as_of` and `deal_line_as_of` and has the rates of their pairs.
        keep: keeps the rows of a macro while the question lasts, see `Ledger.keeping`.
        day: the date.
        measures: the measures asked for.
        is_every: all deals and sites, not only those that count for a programme.
    """
    lines: Lines = {
        "unit_line_as_of": ("select 0 as day, * from unit_line_as_of($1::date, $2, $3)", [day, measures, is_every]),
        "claim_line_as_of": ("select 0 as day, * from claim_line_as_of($1::date)", [day]),
    }
    # Rows are only matched, ordered and numbered here, never summed, so that any number of threads may.
    with ledger.on_all_cores():
        store_lines(ledger, lines)
        place_lines(ledger, keep, measures)
        return matched_facts(ledger, [measures])[0]


def lines_of_days(ledger: Ledger, days: list[dt.date], measures: list[str]) -> Lines:
    """The queries of the lines of several days, which are kept in the table `bulk_day`."""
    ledger.connection.execute(
        "create or replace temp table bulk_day as "
        "select unnest($1::date[]) as as_of, unnest(range(len($1)))::integer as place",
        [days],
    )
    of_days = "select bulk_day.place as day, line.* from bulk_day cross join lateral (from {}) as line"
    return {
        "unit_line_as_of": (of_days.format("unit_line_as_of(bulk_day.as_of, $1)"), [measures]),
        "claim_line_as_of": (of_days.format("claim_line_as_of(bulk_day.as_of)"), []),
    }


def store_lines(ledger: Ledger, lines: Lines) -> None:
    """Put lines into temporary tables."""
    for name, (query, arguments) in lines.items():
        ledger.connection.execute(f"create or replace temp table bulk_{name} as {query}", arguments)


def place_lines(ledger: Ledger, keep: Keep, measures: list[str]) -> None:
    """Let the lines that are stored stand in for their macros, and number what they point to."""
    keep("unit_line_as_of", "as_of, measures", [], rows="from bulk_unit_line_as_of")
    keep("claim_line_as_of", "as_of", [], rows="from bulk_claim_line_as_of")
    keep("own_spread_as_of", "as_of, measures", [None, measures])
    keep("unit_path_as_of", "as_of, measures", [None, measures])
    keep("unit_rate_as_of", "as_of, measures", [None, measures])
    for name, query in PLACES.items():
        ledger.connection.execute(f"create or replace temp table {name} as {query}")
    ledger.connection.execute("create or replace temp table bulk_target as " + TARGETS, [measures])


def matched_facts(ledger: Ledger, measures_of_days: list[list[str]]) -> list[Facts]:
    """The facts by day, once all places are known.

    Args:
        ledger: a ledger whose lines are stored and placed.
        measures_of_days: by day, all of the measures that were placed or the first of them.
    """
    measures = max(measures_of_days, key=len)
    day_count = len(measures_of_days)
    sites = _texts(ledger, "select site_id from bulk_site order by place")
    draws = int(ledger.rows("select draw_count from run")[0][0])
    streams = _texts(ledger, "select drawn_id from bulk_stream group by drawn_id, place order by place")
    with ThreadPoolExecutor(max_workers=1) as beside:  # the two halves of the work, each on a core
        stratum = beside.submit(_stream_strata, ledger.connection.cursor(), streams, draws)
        rate = path_rates(ledger, draws)
    shared: dict[str, Any] = {
        "programmes": _texts(ledger, "select programme_id from bulk_programme order by place"),
        "sites": sites,
        "targets": _texts(ledger, "select measure from bulk_target order by place"),
        "layer_count": int(ledger.rows("select count(*) from bulk_layer")[0][0]),
        "rate": rate,
        "has_unknown_rates": bool(np.isnan(rate).any()),
        "shape": _by_draw(ledger, SHAPES, draws),
        "stratum": stratum.result(),
    }
    compared_with = _compared_with(ledger, day_count, len(sites), len(measures))
    days = zip(*(_by_day(ledger, query, day_count) for query in (DEALS, CLAIMS, LINES)), compared_with, strict=True)
    return [
        Facts(
            **shared,
            measures=asked,
            **{f"deal_{name}": deal[name][:: len(measures)] for name in ("programme", "weight", "shape", "stream")},
            deal_id=deal["deal_id"][:: len(measures)].tolist(),
            deal_rate=deal["rate"].reshape(-1, len(measures))[:, : len(asked)],
            **{f"claim_{name}": claim[name] for name in ("programme", "layer_key", "weight", "shape", "stream")},
            **{f"line_{name}": line[name] for name in ("site", "target", "stage", "weight", "shape", "stream", "rate")},
            compared_with=compared[:, : len(asked)],
        )
        for (deal, claim, line, compared), asked in zip(days, measures_of_days, strict=True)
    ]


def _stream_strata(connection: duckdb.DuckDBPyConnection, names: list[str], draws: int) -> Places:
    """The stratum of each draw from 0, by stream and draw; see `stream_order`."""
    keys = connection.execute(STRATA, [names]).fetchnumpy()
    order = np.empty((len(names), draws), np.uint64)
    order[keys["place"], keys["pair"] - 1] = keys["lower_order"]
    order[keys["place"], draws - keys["pair"]] = keys["upper_order"]
    return np.argsort(order, axis=1)


def _by_day(ledger: Ledger, query: str, day_count: int) -> list[dict[str, Any]]:
    """The columns of a query in the order of its days, by day."""
    columns = columns_of(ledger, query)
    bounds = np.searchsorted(columns["day"], np.arange(day_count + 1))
    return [{name: column[start:end] for name, column in columns.items()} for start, end in itertools.pairwise(bounds)]


def _texts(ledger: Ledger, query: str) -> list[str]:
    """The one column of a query."""
    return [text for (text,) in ledger.rows(query)]


def columns_of(ledger: Ledger, query: str) -> dict[str, Any]:
    """The columns of a query as arrays."""
    return {name: np.asarray(column) for name, column in ledger.connection.execute(query).fetchnumpy().items()}


def _by_draw(ledger: Ledger, query: str, draws: int) -> Any:
    """The amounts of a query by place and draw."""
    found = columns_of(ledger, query)
    amounts = np.empty((found["place"].max(initial=-1) + 1, draws), found["amount"].dtype)
    amounts[found["place"], found["draw"]] = found["amount"]
    return amounts


def _compared_with(ledger: Ledger, days: int, sites: int, measures: int) -> Places:
    """The target in which the construction and the plan of a site are stated, by day, site, measure and stage."""
    compared = np.zeros((days, sites, measures, 2), int)
    found = columns_of(ledger, COMPARED)
    compared[found["day"], found["site"], found["measure"], found["stage"] - 1] = found["target"]
    return compared
