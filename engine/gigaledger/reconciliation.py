"""The main job: pledged = operational + under construction + planned + unidentified, per programme, as one document."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from gigaledger.commitments import commitment_balances
from gigaledger.errors import NotFound, did_you_mean
from gigaledger.results import checked_target, interval

if TYPE_CHECKING:
    import datetime as dt

    from gigaledger.ledger import Ledger

ACCOUNTS = ("pledged", "operational", "under_construction", "planned", "unidentified")
STAGES = ("operational", "under_construction", "planned")
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
    chosen = chosen_programmes(ledger, programme)
    with ledger.keeping() as keep:
        keep("site_line_as_of", "as_of", [day])
        keep("deal_line_as_of", "as_of", [day])
        ledger.rate("from programme_pair_as_of($1::date)", [day])
        keep("programme_site_draw_as_of", "as_of, measures := null", [day, measures])
        keep("reconciliation_draw_as_of", "as_of, measures := null", [day, measures])
        by_programme, sites, states = (
            _by(ledger.records(f"from {macro}($1::date, measures := $2::varchar[])", [day, wanted]))
            for macro, wanted in (
                ("reconciliation_as_of", measures),
                ("programme_site_as_of", [main] if is_for_terminal else measures),
                ("programme_state_as_of", [] if is_for_terminal else measures),
            )
        )
        drivers = _by(ledger.records("from driver_as_of($1::date, $2)", [day, main]))
    pledges = _by(ledger.records(_PLEDGES, [day]))
    sources = _site_sources(ledger, day)
    claims = _by(ledger.records(_CLAIMS, [day]))
    return {
        "as_of": day.isoformat(),
        "measure": main,
        "programmes": [
            {
                "programme_id": record["programme_id"],
                "name": record["name"],
                "description": record["description"],
                **_accounts(by_programme[record["programme_id"]], main),
                "drivers": [
                    {
                        "assumption_id": row["driver"],
                        "variance_share": row["variance_share"],
                        "direction": row["direction"],
                    }
                    for row in drivers[record["programme_id"]]
                ],
                "measures": {name: _accounts(by_programme[record["programme_id"]], name) for name in measures},
                "pledges": [_without_programme(row) for row in pledges[record["programme_id"]]],
                "sites": _places(
                    sites[record["programme_id"]],
                    ("site_id", "name", "state", "country"),
                    main,
                    measures,
                    {"sources": sources, "claims": {row["site_id"]: row for row in claims[record["programme_id"]]}},
                    claims[record["programme_id"]],
                ),
                "states": _places(states[record["programme_id"]], ("state", "country"), main, measures, {}, []),
            }
            for record in chosen
        ],
        "commitments": commitment_balances(
            ledger, day, None if programme is None else [record["programme_id"] for record in chosen]
        ),
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


def _by(records: list[dict[str, Any]]) -> defaultdict[str, list[dict[str, Any]]]:
    """Records by programme."""
    grouped: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        grouped[record["programme_id"]].append(record)
    return grouped


def _accounts(records: list[dict[str, Any]], measure: str) -> dict[str, Any]:
    """The five accounts of a programme in one measure, the reason of the remainder and how likely the pledge is met."""
    for record in records:
        if record["measure"] == measure:
            return {
                **{account: interval(record, account, record["unit"]) for account in ACCOUNTS},
                "reason": record["reason"],
                "is_met_probability": record["is_met_probability"],
            }
    return {**dict.fromkeys(ACCOUNTS), "reason": None, "is_met_probability": None}


def _places(  # noqa: PLR0913, PLR0917 - one grouping of one result
    records: list[dict[str, Any]],
    keys: tuple[str, ...],
    main: str,
    measures: list[str],
    extra: dict[str, dict[str, Any]],
    claimed: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Sites or states of a programme with their stages; claimed sites without a figure stand there with nulls."""
    places: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in claimed:
        place = tuple(row[key] for key in keys)
        places[place] = {**dict(zip(keys, place, strict=True)), **dict.fromkeys(STAGES), "measures": {}}
    for record in records:
        place = tuple(record[key] for key in keys)
        entry = places.setdefault(
            place, {**dict(zip(keys, place, strict=True)), **dict.fromkeys(STAGES), "measures": {}}
        )
        stages = {stage: interval(record, stage, record["unit"]) for stage in STAGES}
        entry["measures"][record["measure"]] = stages
        if record["measure"] == main:
            entry.update(stages)
    for entry in places.values():
        if "sources" in extra:
            entry["sources"] = extra["sources"].get(entry["site_id"], [])
            claim = extra["claims"].get(entry["site_id"], {})
            entry["claim"] = {
                key: claim.get(key) for key in ("share_low", "share_best", "share_high", "confidence", "evidence")
            }
        if len(measures) == 1:
            del entry["measures"]
    return sorted(
        places.values(), key=lambda entry: (entry["country"] or "", entry["state"] or "", entry.get("site_id") or "")
    )


def _site_sources(ledger: Ledger, day: dt.date) -> dict[str, list[dict[str, Any]]]:
    """The sources of the milestones in force, by site."""
    sources: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in ledger.records(_SITE_SOURCES, [day]):
        sources[row.pop("site_id")].append(row)
    return dict(sources)


def _without_programme(record: dict[str, Any]) -> dict[str, Any]:
    """A record without the programme under which it stands."""
    return {key: value for key, value in record.items() if key != "programme_id"}
