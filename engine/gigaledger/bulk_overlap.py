"""What is announced more than once, in arrays: sums of deals by scope, beside what SQL says they tell of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gigaledger.bulk import deal_amounts, gathered_rows, means, statistics
from gigaledger.bulk_facts import columns_of
from gigaledger.bulk_tables import grouped, store_rows
from gigaledger.results import STATISTICS

if TYPE_CHECKING:
    import datetime as dt

    from gigaledger.bulk import Draws, Places
    from gigaledger.bulk_facts import Facts
    from gigaledger.ledger import Keep, Ledger

_TOTALS = ("gross", "overlap", "counted_once")
_REASONS = ("inside", "shared", "included")
_COLUMNS = [
    *(f"{total}_{statistic}" for total in _TOTALS for statistic in STATISTICS),
    *(f"{one}_mean" for one in _REASONS),
]

_SCOPES = """
select scope_kind, scope_id, layer, (row_number() over (order by scope_kind, scope_id, layer) - 1)::integer as place
from (select distinct scope_kind, scope_id, layer from overlap_scope_as_of(null))
"""
_MEMBERS = """
select scope.place::bigint as scope, deal.place::bigint as deal, member.is_inside
from overlap_scope_as_of(null) as member
inner join bulk_scope as scope using (scope_kind, scope_id, layer)
inner join bulk_deal as deal using (deal_id)
order by 1, 2
"""
# The physically stated parts of outermost deals stated in dollars, by layer of the parts.
_NAMED = """
select scope.place::bigint as scope, top.place::bigint as top,
    dense_rank() over (order by scope.place, top.place, part.deal_layer) - 1 as by_layer, deal.place::bigint as deal
from named_part_as_of($1::date) as part
inner join bulk_scope as scope using (scope_kind, scope_id, layer)
inner join bulk_deal as top on part.top_deal_id = top.deal_id
inner join bulk_deal as deal on part.deal_id = deal.deal_id
order by 1, 2, 3, 4
"""
# By scope and measure, whose draws stand together.
_TOLD = """
select scope.place::bigint as scope, target.place::bigint as measure, told.draw::bigint - 1 as draw,
    told.shared, told.included
from overlap_told_draw_as_of($1::date, measures := $2::varchar[]) as told
inner join bulk_scope as scope using (scope_kind, scope_id, layer)
inner join bulk_target as target on told.measure = target.measure
"""
_ROWS = f"""
select scope.scope_kind, scope.scope_id, scope.layer, target.measure,
    {", ".join(f"nullif(bulk.{name}_mean, 'nan'::double) as {name}_mean" for name in (*_TOTALS, *_REASONS))},
    {
    ", ".join(
        f"case when not isnan(bulk.{name}_mean) then [bulk.{name}_p05, bulk.{name}_p50, bulk.{name}_p95] end "
        f"as {name}_points"
        for name in _TOTALS
    )
}
from bulk_overlap as bulk
inner join bulk_scope as scope on bulk.scope = scope.place
inner join bulk_target as target on bulk.measure = target.place
where measures is null or list_contains(measures, target.measure)
"""


def keep_overlap(ledger: Ledger, keep: Keep, facts: Facts, day: dt.date) -> None:
    """Keep the means and percentiles of overlap on the day of the facts.

    Args:
        ledger: a ledger that keeps the draws of deals and sites of the day, and has the table `bulk_deal`.
        keep: keeps the rows of a macro while the question lasts.
        facts: every deal of the day.
        day: the date.
    """
    keep("overlap_scope_as_of", "as_of", [day])
    ledger.connection.execute("create or replace temp table bulk_scope as " + _SCOPES)
    members = columns_of(ledger, _MEMBERS)
    amounts = deal_amounts(facts, np.arange(len(facts.deal_id)))
    told, place = _told(ledger, facts, amounts, day)

    def rated(scopes: Places) -> Draws:
        rows = slice(*np.searchsorted(members["scope"], [scopes[0], scopes[-1] + 1]) if len(scopes) else (0, 0))
        deal_rows = amounts[members["deal"][rows]]
        gross = gathered_rows(np.add, deal_rows, members["scope"][rows])[1]
        deal_rows[~members["is_inside"][rows]] = 0
        inside = gathered_rows(np.add, deal_rows, members["scope"][rows])[1]
        beyond, shared, included = (one[place[scopes]] for one in told)
        inside -= beyond
        overlap = inside + shared + included
        reasons = np.stack([means(one) for one in (inside, shared, included)], axis=-1)
        totals = statistics(np.stack([gross, overlap, gross - overlap], axis=2))
        return np.concatenate([totals.reshape(*reasons.shape[:2], len(_COLUMNS) - len(_REASONS)), reasons], axis=-1)

    values = np.concatenate(grouped(rated, int(members["scope"].max(initial=-1)) + 1))
    count, measures = values.shape[:2]
    rows = {"scope": np.repeat(np.arange(count), measures), "measure": np.tile(np.arange(measures), count)}
    columns = dict(zip(_COLUMNS, values.reshape(count * measures, len(_COLUMNS)).T.copy(), strict=True))
    store_rows(ledger, "bulk_overlap", {**rows, **columns})
    keep("overlap_interval_as_of", "as_of, measures := null", [], rows=_ROWS)


def _told(ledger: Ledger, facts: Facts, amounts: Draws, day: dt.date) -> tuple[Draws, Places]:
    """What deals tell beyond their sums, by kind, row, measure and draw; and the row of each scope (the last: none).

    The kinds: by how much named parts exceed what they lie in, what is shared, what is included.
    """
    columns = ledger.connection.execute(_TOLD, [day, facts.measures]).fetchnumpy()
    named = ledger.connection.execute(_NAMED, [day]).fetchnumpy()
    scopes = np.union1d(columns["scope"], named["scope"])
    place = np.full(int(ledger.rows("select count(*) from bulk_scope")[0][0]), len(scopes))
    place[scopes] = np.arange(len(scopes))
    told = np.zeros((3, len(scopes) + 1, facts.measure_count, facts.draw_count))
    for kind, name in ((1, "shared"), (2, "included")):
        told[kind, place[columns["scope"]], columns["measure"], columns["draw"]] = np.ma.filled(columns[name], 0)
    if len(named["scope"]):
        layers, by_layer = gathered_rows(np.add, np.nan_to_num(amounts[named["deal"]]), named["by_layer"])
        first = np.searchsorted(named["by_layer"], layers)
        top = named["scope"][first] * len(amounts) + named["top"][first]
        tops, largest = gathered_rows(np.maximum, by_layer, top)
        scope, deal = np.divmod(tops, len(amounts))
        beyond = np.nan_to_num(np.maximum(0, largest - amounts[deal]))
        told[0, place[np.unique(scope)]] = gathered_rows(np.add, beyond, scope)[1]
    return told, place
