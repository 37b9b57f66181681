"""What speaks for a deal and a site belonging together: one number from 0 to 1 a feature, each with its words."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from gigaledger.matching.levels import Levels

if TYPE_CHECKING:
    from gigaledger.matching.pairs import Candidates, Deal, Site

# The features in the order of the weights, with what each says.
FEATURES = {
    "name": "the deal names the site",
    "text": "rare words that the deal and the note of the site share",
    "other_name": "the deal names another site",
    "seller_owns": "the seller owns or runs the site",
    "buyer_owns": "the buyer or beneficiary owns or runs the site",
    "both_sides": "seller and buyer are both at the site",
    "no_party": "no party of the deal is at the site",
    "other_tenant": "the seller owns the site, and the buyer is not there",
    "older_site": "the site is more than a year older than the deal",
    "umbrella": "the deal has parts of its own",
    "alone": "the deal stands at this site alone",
    "one_of": "the site is one of several that the deal names",
    "elsewhere": "the deal names other sites and not this one",
    "place_of_part": "a part of the deal stands at the site",
    "tranche": "the deal is a part of one that stands there as a whole",
    "landlord_build": "the buyer builds it for another deal",
    "power_beside": "electricity for a site at which another deal stands",
    "option": "the deal is no more than an intent",
    "other_state": "the deal names other states only",
    "same_size": "deal and site are of one size",
    "site_larger": "the site is larger than the deal",
    "same_chips": "chips of the same designer",
    "other_chips": "chips of other designers",
    "too_late": "the deal begins after the last milestone of the site",
    "programme": "the deal belongs to a programme",
    "firm": "the deal is binding or closed",
    "programme_and_sides": "a deal of a programme with both sides at the site",
    "programme_and_name": "a deal of a programme that names the site, with a party there",
    "power": "the deal is for electricity",
    "chips": "the deal is for chips",
    "capacity": "the deal is a reservation",
    "site": "the deal is a lease",
}

# Features that can only speak against a pair, and those that may do either; all others speak for it.
AGAINST = frozenset(
    [
        "other_name",
        "elsewhere",
        "place_of_part",
        "tranche",
        "landlord_build",
        "option",
        "power_beside",
        "no_party",
        "other_tenant",
        "other_state",
        "site_larger",
        "other_chips",
        "too_late",
    ]
)
EITHER = frozenset(["older_site", "umbrella", "power", "chips", "capacity", "site"])
# A word is as rare in a small ledger as it would be among so many deals and sites, about those of the bundled ledger.
LEAST_TEXTS = 380


class Features:
    """The features of pairs of one ledger."""

    def __init__(self, found: Candidates) -> None:
        """Count how rare each word is, and find which sites each deal names."""
        texts = [site.words for site in found.sites] + [deal.words for deal in found.deals]
        counts = Counter(word for words in texts for word in words)
        whole = max(len(texts), LEAST_TEXTS)
        self._rarity = {word: math.log(whole / count) for word, count in counts.items()}
        self._party_words = frozenset(
            word for pair in found.names.items() for name in pair for word in re.findall(r"[a-z0-9]+", name.casefold())
        )
        in_names = Counter(word for site in found.sites for word in site.name_words)
        # A party in the name of one site tells it (Abernathy, Tesla); in the names of several it is a brand.
        brands = frozenset(word for word in self._party_words if in_names[word] > 1)
        states = frozenset(word for name in found.states for word in name.split())
        for site in found.sites:
            site.telling = _telling(site, found.sites, brands, states)
        single = frozenset(word for word, count in in_names.items() if count == 1)
        self._levels = Levels(found.deals, found.sites, self._share, single)
        self._wholes = {deal.part_of for deal in found.deals}
        self._best_name = {
            deal.deal_id: max((self._share(deal.words, site) for site in found.sites), default=0.0)
            for deal in found.deals
        }

    def of(self, deal: Deal, site: Site) -> list[float]:
        """The features of one pair in the order of FEATURES."""
        values = self._places(deal, site) | _parties(deal, site) | _sizes(deal, site) | _kinds(deal)
        values["umbrella"] = float(deal.deal_id in self._wholes)
        values |= self._levels.of(deal, site)
        values["programme_and_sides"] = values["programme"] * values["both_sides"]
        values["programme_and_name"] = values["programme"] * (values["name"] > 0.4) * (1 - values["no_party"])  # noqa: PLR2004 - most of the name
        return [values[name] for name in FEATURES]

    def are_connected(self, deal: Deal, site: Site) -> bool:
        """Whether a party, a part of the name or rare words connect a deal and a site."""
        if not site.parties.isdisjoint(deal.parties.values()):
            return True
        shared = (site.words - self._party_words) & deal.words
        return sum(self._rarity[word] ** 2 for word in shared) >= 16  # noqa: PLR2004 - one word that stands in few texts

    def _share(self, words: frozenset[str], site: Site) -> float:
        """The share of the telling words of a site's name that a text holds, rare words first."""
        whole = sum(self._rarity.get(word, 0.0) for word in site.telling)
        return sum(self._rarity[word] for word in site.telling & words) / whole if whole else 0.0

    def _places(self, deal: Deal, site: Site) -> dict[str, float]:
        """Names, words and states."""
        shared = (site.words - self._party_words) & deal.words
        name = self._share(deal.words, site)
        return {
            "name": name,
            "text": min(1.0, sum(self._rarity[word] ** 2 for word in shared) / 80),
            "other_name": max(0.0, self._best_name[deal.deal_id] - name),
            "other_state": float(bool(deal.states) and bool(site.state) and site.state not in deal.states),
            "older_site": float(site.first_on is not None and (deal.starts_on - site.first_on).days > 365),  # noqa: PLR2004
            "too_late": float(site.last_on is not None and deal.starts_on > site.last_on),
        }


def _telling(site: Site, sites: list[Site], brands: frozenset[str], states: frozenset[str]) -> frozenset[str]:
    """The words of a site's name that tell it from others: no brand, and no state where the rest is enough."""
    own = site.short_words - brands
    stateless = own - states
    if stateless and not any(stateless <= other.name_words for other in sites if other is not site):
        return stateless
    return own or site.short_words


def _parties(deal: Deal, site: Site) -> dict[str, float]:
    """Who is at the site."""
    tenants = {deal.parties[role] for role in ("buyer", "beneficiary") if role in deal.parties}
    seller_owns = deal.parties.get("seller") in site.owners
    buyer_owns = bool(tenants & site.owners)
    is_user = bool(tenants & site.users)
    return {
        "seller_owns": float(seller_owns),
        "buyer_owns": float(buyer_owns),
        "other_tenant": float(seller_owns and bool(tenants) and not is_user and not buyer_owns),
        "both_sides": float(seller_owns and (is_user or buyer_owns)),
        "no_party": float(site.parties.isdisjoint(deal.parties.values())),
    }


def _sizes(deal: Deal, site: Site) -> dict[str, float]:
    """Sizes in IT power by the ledger's own conversion, and designers of chips; unknown sizes say little."""
    same, larger = 0.2, 0.0
    if deal.it_power_mw and site.it_power_mw and min(deal.it_power_mw[1], site.it_power_mw[1]) > 0:
        _, middle, high = deal.it_power_mw
        site_low, site_high = (max(one, 1e-3) for one in site.it_power_mw)
        same = math.exp(-abs(math.log(middle / math.sqrt(site_low * site_high))))
        larger = min(3.0, max(0.0, math.log(site_low / high))) / 3
    known = bool(deal.designer and site.designers)
    return {
        "same_size": same,
        "site_larger": larger,
        "same_chips": float(known and deal.designer in site.designers),
        "other_chips": float(known and deal.designer not in site.designers),
    }


def _kinds(deal: Deal) -> dict[str, float]:
    """What kind of deal it is."""
    return {
        "programme": float(deal.programme_id is not None),
        "firm": float(deal.status in ("binding", "closed")),
        **{layer: float(deal.layer == layer) for layer in ("power", "chips", "capacity", "site")},
    }
