"""A day and the quarter ends before it, matched at once, rated in arrays and kept in place of the formulas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gigaledger.bulk import rated_programmes
from gigaledger.bulk_draws import store_draws
from gigaledger.bulk_facts import lines_of_days, matched_facts, place_lines, store_lines
from gigaledger.bulk_intervals import keep_intervals
from gigaledger.bulk_quarters import ACCOUNTS, MEASURES, keep_accounts, store_sites_without_figure

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from gigaledger.bulk import Draws, Rated
    from gigaledger.bulk_facts import Facts
    from gigaledger.ledger import Keep, Ledger

_OF_SITES = "sites is null or list_contains(sites, site_id)"
# What several steps ask of the day: macro, its parameters, and which rows they ask for.
_KEPT = (
    ("site_line_as_of", "as_of", "true"),
    ("deal_line_as_of", "as_of", "true"),
    ("milestone_line_as_of", "as_of", "true"),
    ("site_quarter_as_of", "as_of, sites := null", _OF_SITES),
    ("site_state_part_as_of", "as_of, sites := null", _OF_SITES),
)
# The formulas that are asked here, or in whose place rows are kept.
SUMMARIES = (
    "known_quarter_as_of",
    "reconciliation_as_of",
    "deal_interval_as_of",
    "site_interval_as_of",
    "stage_mean_as_of",
    "site_state_interval_as_of",
    "held_interval_as_of",
    "pledge_interval_as_of",
    "own_spread_as_of",
    "shared_stream",
    "top_deal",
    "unit_line_as_of",
    "unit_path_as_of",
    "unit_quarter_line_as_of",
    "unit_rate_as_of",
)
# Beyond the last day, where no array of a day finds them.
_LINES_OF_QUARTERS = """
insert into bulk_unit_line_as_of
select $1 as day, * from unit_line_as_of($2::date, $3, true)
union all
select $1 + 1 as day, * from unit_quarter_line_as_of($2::date)
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn of a day, in MEASURES; nan where unknown.

    Attributes:
        sites: ids of the sites with a figure.
        stages: by site, measure, stage and draw.
        programmes: ids of the programmes that state capacity.
        accounts: pledged, the stages and the remainder by programme, measure, account and draw.
        facts: every deal and site of the day in all measures, of which MEASURES stand first.
    """

    sites: list[str]
    stages: Draws
    programmes: list[str]
    accounts: Draws
    facts: Facts


def keep_newest_day(ledger: Ledger, keep: Keep, *, is_day_in_all: bool = False) -> Drawn:
    """Keep every summary of the newest day: of deals, sites and programmes, by quarter, and at the ends of quarters.

    Args:
        ledger: a ledger that keeps no line of any one day.
        keep: keeps the rows of a macro while the question lasts.
        is_day_in_all: the reconciliation of the day will be asked for in all measures.
    """
    day = ledger.as_of
    quarters = ledger.rows("select day from known_quarter_as_of($1::date) where day < $1 order by day", [day])
    others = "select measure from target_measure(null) where not list_contains($1::varchar[], measure) order by measure"
    measures = MEASURES + [measure for (measure,) in ledger.rows(others, [MEASURES])]
    earlier = [end for (end,) in quarters]
    return keep_day(ledger, keep, day, measures, earlier, is_day_in_all=is_day_in_all)


def keep_day(  # noqa: PLR0913 - the day, and what is asked of it
    ledger: Ledger,
    keep: Keep,
    day: dt.date,
    measures: list[str] = MEASURES,
    earlier: Sequence[dt.date] = (),
    *,
    is_day_in_all: bool = True,
) -> Drawn:
    """Keep the summaries of a day: of deals, sites and programmes, by quarter as known on it, and of earlier days.

    Args:
        ledger: a ledger that has SUMMARIES and keeps no line of any one day.
        keep: keeps the rows of a macro while the question lasts.
        day: the day.
        measures: the measures of deals and sites, MEASURES first.
        earlier: the days before it on which programmes are reconciled.
        is_day_in_all: the reconciliation of the day will be asked for, in all these measures.
    """
    store_lines(ledger, lines_of_days(ledger, list(earlier), MEASURES))
    ledger.connection.execute("insert into bulk_day values ($1, $2)", [day, len(earlier)])
    store_sites_without_figure(ledger)
    for macro, signature, condition in _KEPT:
        keep(macro, signature, [day], condition)
    ledger.connection.execute(_LINES_OF_QUARTERS, [len(earlier), day, measures])
    ledger.connection.execute(
        "insert into bulk_claim_line_as_of select $1 as day, * from claim_line_as_of($2::date)", [len(earlier), day]
    )
    place_lines(ledger, keep, measures)
    *before, facts = matched_facts(ledger, [*[MEASURES] * len(earlier), measures])
    sites = keep_intervals(ledger, keep, facts, day, len(MEASURES))
    programmes: list[str] = []
    accounts: list[Draws] = []
    newest = _drawn_programmes(facts if is_day_in_all else _shown(facts), programmes, accounts)
    days = (*(rated_programmes(one) for one in before), newest)
    keep_accounts(ledger, keep, days, has_last_day=is_day_in_all)
    return Drawn(
        sites=[facts.sites[place] for place in sites.sites],
        stages=sites.stages,
        programmes=programmes,
        accounts=np.concatenate(accounts) if accounts else np.empty((0, len(MEASURES), 5, facts.draw_count)),
        facts=facts,
    )


def _shown(facts: Facts) -> Facts:
    """The facts in MEASURES alone, which stand first."""
    count = len(MEASURES)
    return replace(
        facts,
        measures=MEASURES,
        deal_rate=facts.deal_rate[:, :count],
        compared_with=facts.compared_with[:, :count],
    )


def _drawn_programmes(facts: Facts, programmes: list[str], accounts: list[Draws]) -> Iterable[Rated]:
    """The programmes of a day, whose accounts are added to a list on the way."""

    def rated() -> Iterator[Rated]:
        for one in rated_programmes(facts):
            pledged, identified = one.pledged[one.has_pledge, :, None], one.identified[one.has_pledge]
            remainder = pledged - identified.sum(axis=2, keepdims=True)
            programmes.extend(facts.programmes[place] for place in one.programmes[one.has_pledge])
            accounts.append(np.concatenate([pledged, identified, remainder], axis=2)[:, : len(MEASURES)])
            yield one

    return rated()


# What stands in for `reconciliation_draw_as_of` in MEASURES.
_ACCOUNTS = f"""
    select
        programme.programme_id,
        target.measure,
        bulk.draw::integer as draw,
        {", ".join(f"nullif(bulk.{account}, 'nan'::double) as {account}" for account in ACCOUNTS)}
    from bulk_account_draw as bulk
    inner join bulk_programme as programme on bulk.owner = programme.place
    inner join bulk_target as target on bulk.measure = target.place
    where measures is null or list_contains(measures, target.measure)
"""


def keep_accounts_by_draw(ledger: Ledger, keep: Keep, drawn: Drawn) -> None:
    """Keep the accounts of programmes on the newest day draw by draw, in MEASURES."""
    place = {programme: number for number, programme in enumerate(drawn.facts.programmes)}
    owners = np.asarray([place[programme] for programme in drawn.programmes], int)
    accounts = {account: drawn.accounts[:, :, number] for number, account in enumerate(ACCOUNTS)}
    store_draws(ledger, "bulk_account_draw", owners, accounts)
    keep("reconciliation_draw_as_of", "as_of, measures := null", [], rows=_ACCOUNTS)
