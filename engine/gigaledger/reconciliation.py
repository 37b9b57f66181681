"""The main job: pledged = operational + under construction + planned + unidentified, per programme, as one document."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gigaledger.bulk_records import Results, Stages, reconciled
from gigaledger.commitments import commitment_balances
from gigaledger.errors import NotFound, did_you_mean
from gigaledger.results import STAGES, checked_target, interval

if TYPE_CHECKING:
    import datetime as dt

    from gigaledger.ledger import Ledger

ACCOUNTS = ("pledged", "operational", "under_construction", "planned", "unidentified")
SHOWN_MEASURES = ("it_power", "chips", "compute", "total_capex")
DEFAULT_MEASURE = "it_power"


def reconcile(
    ledger: Ledger,
    programme: str | None = None,
    *,
    as_of: dt.date | None = None,
    measure: str | None = None,
    is_for_terminal: bool = False,
) -> dict[str, Any]:
    """The reconciliation of one programme or of all.

    Args:
        ledger: an open ledger.
        programme: programme_id or the name; none: all, in the order of their ids.
        as_of: only facts known on this day; none: the newest `known_on` of the ledger.
        measure: the measure of the accounts; none: IT power, with chips, H100e and dollars beside it.

        is_for_terminal: leave out what the terminal does not show: totals of states, and sites beyond the main measure.

    Returns:
        The document of `gigaledger reconcile --json`; amounts as intervals, null where unknown.

    Raises:
        NotFound: no such programme.
        UnknownMeasure, NotCapacity: no such measure, or one that is never capacity.
    """
    main = checked_target(ledger, measure or DEFAULT_MEASURE)
    measures = [main] if measure else list(SHOWN_MEASURES)
    day = as_of or ledger.as_of
    chosen = {record["programme_id"]: record for record in chosen_programmes(ledger, programme)}
    with ledger.keeping() as keep:
        keep("site_line_as_of", "as_of", [day])
        keep("deal_line_as_of", "as_of", [day])
        ledger.rate("from programme_pair_as_of($1::date)", [day])
        about = _About(
            main=main,
            measures=measures,
            pledges=_by(ledger.records(_PLEDGES, [day])),
            claims=_by(ledger.records(_CLAIMS, [day])),
            sources=_by(ledger.records(_SITE_SOURCES, [day]), "site_id"),
        )
        programmes = [
            _programme(chosen[programme_id], results, about)
            for results in reconciled(ledger, keep, day, measures, is_for_terminal=is_for_terminal)
            for programme_id in results.programmes
            if programme_id in chosen
        ]
    return {
        "as_of": day.isoformat(),
        "measure": main,
        "programmes": programmes,
        "commitments": commitment_balances(ledger, day, None if programme is None else list(chosen)),
        "draws": ledger.rows("select draw_count from run")[0][0],
        "seed": ledger.rows("select seed from run")[0][0],
        "notes": ledger.notes,
    }


_PLEDGES = """
select top_deal.programme_id, line.deal_id, deal.title, line.face_amount, line.measure, measure.unit, line.qualifier,
    deal.status, line.chip_id, source.title as source_title, source.url as source_url
from deal_line_as_of($1::date) as line
inner join top_deal using (deal_id)
inner join deal using (deal_id)
inner join measure on line.measure = measure.measure
inner join statement on line.line_id = statement.statement_id
left join source using (source_id)
order by top_deal.programme_id, line.deal_id
"""

_CLAIMS = """
select deal.programme_id, claim.site_id, site.name, site.state, site.country, claim.share_low, claim.share_best,
    claim.share_high, claim.confidence, claim.evidence
from claim
inner join deal using (deal_id)
inner join site using (site_id)
where claim.known_on <= $1 and deal.programme_id is not null
qualify row_number() over (
    partition by deal.programme_id, claim.site_id
    order by claim.share_best desc, claim.claim_id
) = 1
order by deal.programme_id, claim.site_id
"""

_SITE_SOURCES = """
select site_id, source_id, title, publisher, url
from (
    select distinct line.site_id, milestone.source_id
    from site_line_as_of($1::date) as line
    inner join milestone on line.line_id = milestone.milestone_id
)
inner join source using (source_id)
order by site_id, source_id
"""


def chosen_programmes(ledger: Ledger, programme: str | None) -> list[dict[str, Any]]:
    """The programmes asked for, in the order of their ids."""
    every = ledger.records("select programme_id, name, description from programme order by programme_id")
    if programme is None:
        return every
    chosen = [one for one in every if programme in (one["programme_id"], one["name"])]
    if not chosen:
        ids = [one["programme_id"] for one in every]
        raise NotFound(
            f"no programme {programme!r}; the ledger has {', '.join(ids) or 'none'}{did_you_mean(programme, ids)}"
        )
    return chosen


@dataclass(frozen=True)
class _About:
    """What is told of a programme beside its amounts, by programme_id: deals, claimed sites and their sources."""

    main: str
    measures: list[str]
    pledges: dict[str, list[dict[str, Any]]]
    claims: dict[str, list[dict[str, Any]]]
    sources: dict[str, list[dict[str, Any]]]


def _by(records: list[dict[str, Any]], key: str = "programme_id") -> defaultdict[str, list[dict[str, Any]]]:
    """Records by programme, or by another key, which they lose."""
    grouped: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        grouped[record.pop(key)].append(record)
    return grouped


def _programme(record: dict[str, Any], results: Results, about: _About) -> dict[str, Any]:
    """One programme of the document."""
    key = record["programme_id"]
    accounts = {row["measure"]: row for row in results.accounts[key]}
    sites = {row["site_id"]: row for row in about.claims[key]}
    return {
        **record,
        **_accounts(accounts.get(about.main)),
        "drivers": [
            {"assumption_id": row["driver"], "variance_share": row["variance_share"], "direction": row["direction"]}
            for row in results.drivers[key]
        ],
        "identified_cost": _cost(results.costs.get(key)),
        "measures": {measure: _accounts(accounts.get(measure)) for measure in about.measures},
        "pledges": about.pledges[key],
        "sites": [
            {
                **{name: sites[site_id][name] for name in ("site_id", "name", "state", "country")},
                **_stages(results.sites[key].get(site_id, {}), about),
                "sources": about.sources.get(site_id, []),
                "claim": {
                    name: sites[site_id][name]
                    for name in ("share_low", "share_best", "share_high", "confidence", "evidence")
                },
            }
            for site_id in sorted(sites, key=lambda one: _place(sites[one]["country"], sites[one]["state"], one))
        ],
        "states": [
            {"state": state, "country": country, **_stages(stages, about)}
            for (country, state), stages in sorted(results.states[key].items(), key=lambda one: _place(*one[0]))
        ],
    }


def _cost(record: dict[str, Any] | None) -> dict[str, Any] | None:
    """Dollars pledged per megawatt of IT identified, beside what site and total capex come to, with the verdict."""
    if record is None:
        return None
    return {
        "pledged_usd": record["pledged_usd"],
        "has_every_deal": record["has_every_deal"],
        "usd_per_it_mw": interval(record, "usd_per_it_mw", "USD/MW"),
        **{
            name: {"p05": record[f"{name}_p05"], "p95": record[f"{name}_p95"], "unit": "USD/MW"}
            for name in ("site_capex_usd_per_it_mw", "total_capex_usd_per_it_mw")
        },
        "verdict": record["verdict"],
    }


def _place(*names: str | None) -> tuple[str, ...]:
    """What places are sorted by."""
    return tuple(name or "" for name in names)


def _accounts(record: dict[str, Any] | None) -> dict[str, Any]:
    """The five accounts of a programme in one measure, the reason of the remainder and how likely the pledge is met."""
    if record is None:
        return {**dict.fromkeys(ACCOUNTS), "reason": None, "is_met_probability": None}
    return {
        **{account: interval(record, account, record["unit"]) for account in ACCOUNTS},
        "reason": record["reason"],
        "is_met_probability": record["is_met_probability"],
    }


def _stages(stages: Stages, about: _About) -> dict[str, Any]:
    """The stages of a site or state in the main measure, and in all where there are several; null without a figure."""
    main = stages.get(about.main) or dict.fromkeys(STAGES)
    return main if len(about.measures) == 1 else {**main, "measures": stages}
