"""The rows of the ledger that a vintage makes: source, organisations, sites, milestones, and claims of the users."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gigaledger.sources.epoch.parties import USERS, Attribution, Parties, attributions, user_shares
from gigaledger.sources.epoch.places import country_of, state_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from gigaledger.folder import Rows
    from gigaledger.sources.epoch.linking import Links
    from gigaledger.sources.epoch.revision import Amounts, Key
    from gigaledger.sources.epoch.vintage import SiteRow

_UNITS = {"chips": "chip", "compute": "H100e", "compute_bf16": "H100e_bf16"}


def source_row(source_id: str, known_on: dt.date) -> dict[str, str]:
    """The source of a vintage, with the attribution that its licence asks for."""
    return {
        "source_id": source_id,
        "title": f"Frontier Data Centers, vintage of {known_on.day} {known_on:%B} {known_on.year}",
        "publisher": "Epoch AI",
        "url": "https://epoch.ai/data/data-centers",
        "published_on": known_on.isoformat(),
        "licence": "CC BY 4.0",
        "kind": "dataset",
    }


def organization_rows(parties: Parties, source_id: str) -> Rows:
    """The organisations that were named."""
    columns = ("organization_id", "name", "kind", "country", "source_id")
    return {
        key: {"source_id": source_id} | {name: row[name] for name in columns if row.get(name)}
        for key, row in parties.named.items()
    }


def site_row(site: SiteRow, site_id: str, parties: Parties) -> dict[str, str]:
    """A site; its owner is named when the vintage is more than speculating, and told in the note in any case."""
    owners, users = attributions(site.owner), attributions(site.users)
    country = country_of(site.country, site.address)
    sure = [one for one in owners if one.confidence != "low"]
    said = [f"owner {_listed(owners)}", f"users {_listed(users)}"]
    said += [f"project {_listed(attributions(site.project))}"] if site.project else []
    said += [f"address {' '.join(site.address.split())}"] if site.address else []
    return {
        "site_id": site_id,
        "name": site.name,
        "state": state_of(site.address) if country == "US" else "",
        "country": country,
        "latitude": "" if site.latitude is None else format(site.latitude, "g"),
        "longitude": "" if site.longitude is None else format(site.longitude, "g"),
        "operator_id": "",
        "owner_id": parties.organization_id(sure[0].name) if sure else "",
        "note": f"Epoch AI: {'; '.join(said)}",
    }


def _listed(named: list[Attribution]) -> str:
    """Parties with their tags, or that there are none."""
    return ", ".join(map(str, named)) or "none named"


def milestone_row(key: Key, amounts: Amounts, locator: str, day: str, source_id: str) -> dict[str, str]:
    """A milestone under an identifier made of what it is and when it became known."""
    series = key.series
    parts = [series.site_id, key.on.isoformat(), key.stage, series.measure.replace("_", "-"), series.chip_id, day]
    return {
        "milestone_id": ".".join(filter(None, parts)),
        "site_id": series.site_id,
        "on_date": key.on.isoformat(),
        "stage": key.stage,
        "measure": series.measure,
        "amount_low": _number(amounts.low),
        "amount_best": _number(amounts.best),
        "amount_high": _number(amounts.high),
        "unit": _UNITS.get(series.measure, "MW"),
        "chip_id": series.chip_id,
        "known_on": day,
        "source_id": source_id,
        "locator": locator,
    }


def _number(amount: float | None) -> str:
    """An amount in the fewest digits that give it back, or empty."""
    if amount is None:
        return ""
    return str(int(amount)) if amount == int(amount) and amount < 1e15 else repr(amount)  # noqa: PLR2004 - exact integers


def claim_rows(  # noqa: PLR0913, PLR0917 - what claims rest on
    sites: list[SiteRow], links: Links, parties: Parties, rows: Callable[[str], Rows], day: str, source_id: str
) -> dict[str, Rows]:
    """Claims of the users on sites, with the deal and programme that hold together what one party uses.

    A claim that no longer holds is a new one of share 0; one that says the same as before is not repeated.
    """
    made: dict[str, Rows] = {"programme": {}, "deal": {}, "claim": {}}
    before = _newest_claims(rows("claim"), day)
    wanted: dict[tuple[str, str], tuple[dict[str, str], str]] = {}
    covered = set(links.split)
    for site in sites:
        site_id = links.site_id(site.name) or ""
        covered.add(site_id)
        for user, shares in user_shares(attributions(site.users)).items():
            deal_id = f"{USERS}-{parties.organization_id(user.name)}"
            evidence = f"Epoch AI names {user.name} a user{f' ({user.tag})' if user.tag else ''}"
            wanted[deal_id, site_id] = (shares, evidence)
            _put_deal(made, rows, deal_id, parties, day)
    for (deal_id, site_id), row in before.items():
        if site_id in covered and (deal_id, site_id) not in wanted and float(row["share_best"]) > 0:
            nothing = {"share_low": "", "share_best": "0", "share_high": "", "confidence": row["confidence"]}
            wanted[deal_id, site_id] = (nothing, "Epoch AI names it a user no more")
    for (deal_id, site_id), (shares, evidence) in wanted.items():
        old = before.get((deal_id, site_id))
        if old is None or any(old[name] != value for name, value in shares.items()):
            claim_id = f"{deal_id}.{site_id}.{day}"
            about = {"claim_id": claim_id, "deal_id": deal_id, "site_id": site_id, "known_on": day}
            made["claim"][claim_id] = {**about, **shares, "source_id": source_id, "evidence": evidence}
    return made


def _newest_claims(claims: Rows, day: str) -> dict[tuple[str, str], dict[str, str]]:
    """The newest claims of users as known on a day, by deal and site."""
    known = [one for one in claims.values() if one["deal_id"].startswith(f"{USERS}-") and one["known_on"] <= day]
    return {(one["deal_id"], one["site_id"]): one for one in sorted(known, key=lambda one: one["known_on"])}


def _put_deal(made: dict[str, Rows], rows: Callable[[str], Rows], deal_id: str, parties: Parties, day: str) -> None:
    """The programme and the deal of what one party uses, unless they are there."""
    organization_id = re.sub(rf"^{USERS}-", "", deal_id)
    name = parties.name(organization_id)
    if deal_id not in rows("programme"):
        made["programme"][deal_id] = {
            "programme_id": deal_id,
            "name": f"{name}: sites that Epoch AI names it a user of",
            "organization_id": organization_id,
            "description": "Built capacity by user, without a pledge; shares follow the tags of the users.",
        }
    if deal_id not in rows("deal"):
        made["deal"][deal_id] = {
            "deal_id": deal_id,
            "title": f"{name} as a user of sites",
            "programme_id": deal_id,
            "buyer_id": organization_id,
            "beneficiary_id": organization_id,
            "layer": "capacity",
            "announced_on": day,
            "status": "announced",
            "note": "Made by the import of a site table; no pledge.",
        }
