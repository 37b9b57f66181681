"""Draws of every deal and site on a day, reckoned in arrays and kept in place of the formulas row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gigaledger.bulk import SITES_AT_ONCE, deal_amounts, site_states
from gigaledger.bulk_tables import store_rows
from gigaledger.results import STAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gigaledger.bulk import Draws, Places
    from gigaledger.bulk_facts import Facts
    from gigaledger.ledger import Keep, Ledger

DEALS_AT_ONCE = 500

# What stands in for `deal_draw_as_of` and `site_draw_as_of`.
_DEAL_DRAWS = """
    select
        deal.deal_id,
        target.measure,
        bulk.draw::integer as draw,
        nullif(bulk.amount, 'nan'::double) as amount
    from bulk_deal_draw as bulk
    inner join bulk_deal as deal on bulk.owner = deal.place
    inner join bulk_target as target on bulk.measure = target.place
    where
        (measures is null or list_contains(measures, target.measure))
        and (deals is null or list_contains(deals, deal.deal_id))
"""
_SITE_DRAWS = """
    select
        site.site_id,
        target.measure,
        bulk.draw::integer as draw,
        nullif(bulk.operational, 'nan'::double) as operational,
        nullif(bulk.under_construction, 'nan'::double) as under_construction,
        nullif(bulk.planned, 'nan'::double) as planned
    from bulk_site_draw as bulk
    inner join bulk_site as site on bulk.owner = site.place
    inner join bulk_target as target on bulk.measure = target.place
    where
        (measures is null or list_contains(measures, target.measure))
        and (sites is null or list_contains(sites, site.site_id))
"""


def keep_draws(ledger: Ledger, keep: Keep, facts: Facts) -> None:
    """Keep the draws of every deal and site on a day.

    Args:
        ledger: a ledger whose lines of the day are placed.
        keep: keeps the rows of a macro while the question lasts.
        facts: every deal and site of the day, in the measures that will be asked for.
    """
    place_deals(ledger, facts)
    for is_more, deals in _groups(len(facts.deal_id), DEALS_AT_ONCE):
        store_draws(ledger, "bulk_deal_draw", deals, {"amount": deal_amounts(facts, deals)}, is_more=is_more)
    for is_more, sites in _groups(facts.site_count, SITES_AT_ONCE):
        states, has_figure = site_states(facts, sites)
        stages = {stage: states[has_figure, :, place] for place, stage in enumerate(STAGES)}
        store_draws(ledger, "bulk_site_draw", sites[has_figure], stages, is_more=is_more)
    keep("deal_draw_as_of", "as_of, measures := null, deals := null", [], rows=_DEAL_DRAWS)
    keep("site_draw_as_of", "as_of, measures := null, sites := null", [], rows=_SITE_DRAWS)


def place_deals(ledger: Ledger, facts: Facts) -> None:
    """The table `bulk_deal` of the places of deals."""
    ledger.connection.execute(
        "create or replace temp table bulk_deal as "
        "select unnest($1::varchar[]) as deal_id, unnest(range(len($1)))::integer as place",
        [facts.deal_id],
    )


def _groups(count: int, at_once: int) -> Iterator[tuple[bool, Places]]:
    """Places in groups, and whether it is not the first; an empty one where there is none."""
    for start in range(0, max(count, 1), at_once):
        yield start > 0, np.arange(start, min(start + at_once, count))


def store_draws(ledger: Ledger, name: str, owners: Places, columns: dict[str, Draws], *, is_more: bool = False) -> None:
    """Put draws by owner, measure and draw into a table of one row each.

    Args:
        ledger: the ledger that gets the temporary table.
        name: its name.
        owners: the place of each owner.
        columns: draws by owner, measure and draw, by name of the column.
        is_more: add to the table that is there.
    """
    count, measure_count, draw_count = next(iter(columns.values())).shape
    rows: dict[str, Any] = {
        "owner": np.repeat(owners, measure_count * draw_count),
        "measure": np.tile(np.repeat(np.arange(measure_count), draw_count), count),
        "draw": np.tile(np.arange(1, draw_count + 1), count * measure_count),
        **{column: np.ascontiguousarray(draws).reshape(-1) for column, draws in columns.items()},
    }
    store_rows(ledger, name, rows, is_more=is_more)
