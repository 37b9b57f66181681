"""At which level of a family of deals a site belongs: where deals stand by their own words and their parts'."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gigaledger.matching.pairs import Deal, Site

    Words = frozenset[str]
    Sites = frozenset[str]

MOST_OF_A_NAME = 0.6  # share of the telling words of a name, rare words first


class Levels:
    """Which of a deal, its parts and its wholes stands at a site.

    A claim belongs to the outermost deal that stands at the site and at no other: not to the umbrella over several
    sites, not to the tranches of a lease, not to the landlord's own building for it.
    """

    def __init__(
        self, deals: Iterable[Deal], sites: Iterable[Site], share: Callable[[Words, Site], float], single: Words
    ) -> None:
        """Find which sites each deal names.

        Args:
            deals: all deals.
            sites: all sites.
            share: how much of a site's name some words hold [share].
            single: words that stand in the name of one site.
        """
        self._deals = {deal.deal_id: deal for deal in deals}
        self._sites, self._share, self._single = tuple(sites), share, single
        self._parts: dict[str, list[Deal]] = {}
        for deal in self._deals.values():
            if deal.part_of and not is_landlords(deal):
                self._parts.setdefault(deal.part_of, []).append(deal)
        in_title = {deal.deal_id: self._named(deal, deal.title_words) for deal in self._deals.values()}
        self._named_by = {
            key: found or self._named(self._deals[key], self._deals[key].words) for key, found in in_title.items()
        }
        self._stands_at = {key: found or self._with_parts(key, set()) for key, found in in_title.items()}
        self._with_load = {
            site for key, found in self._named_by.items() for site in found if self._deals[key].layer != "power"
        }

    def of(self, deal: Deal, site: Site) -> dict[str, float]:
        """What the levels say of a deal and a site, each 0 or 1."""
        here, only = self._stands_at[deal.deal_id], frozenset([site.site_id])
        is_tranche = self._is_tranche(deal, site)
        is_alone = here == only == self._named_by[deal.deal_id]
        has_part = not is_alone and any(
            site.site_id in self._stands_at[part.deal_id] for part in self._parts.get(deal.deal_id, ())
        )
        found = {
            "alone": is_alone and not is_tranche,
            "one_of": site.site_id in here and here != only and not has_part,
            "elsewhere": bool(here) and site.site_id not in here,
            "place_of_part": has_part,
            "tranche": is_tranche,
            "landlord_build": is_landlords(deal),
            "power_beside": deal.layer == "power" and site.site_id in self._with_load,
            "option": deal.status in ("letter_of_intent", "rumoured"),
        }
        return {name: float(value) for name, value in found.items()}

    def _named(self, deal: Deal, words: Words) -> Sites:
        """The sites whose names stand in words of a deal; of names within names the longest."""
        hits = {}
        for site in self._sites:
            if self._share(words, site) < MOST_OF_A_NAME or (
                deal.own_states and site.state and site.state not in deal.own_states
            ):
                continue
            # A word that stands in several names (a country, a landlord) tells one only together with a party there.
            if site.telling & words & self._single or not site.parties.isdisjoint(deal.parties.values()):
                hits[site.site_id] = site.name_words & words
        return frozenset(site for site, held in hits.items() if not any(held < other for other in hits.values()))

    def _with_parts(self, deal_id: str, seen: set[str]) -> Sites:
        """The sites that a deal names itself and those at which its parts stand."""
        if deal_id in seen:
            return frozenset()
        seen.add(deal_id)
        found = self._named(self._deals[deal_id], self._deals[deal_id].title_words)
        return found or self._named_by[deal_id].union(
            *(self._with_parts(part.deal_id, seen) for part in self._parts.get(deal_id, ()))
        )

    def _is_tranche(self, deal: Deal, site: Site) -> bool:
        """Whether the deal is a part of one that stands at the site alone, or has no place and its whole's parties."""
        whole = self._deals.get(deal.part_of or "")
        if whole is None:
            return False
        if self._stands_at[whole.deal_id] == self._named_by[whole.deal_id] == {site.site_id}:
            return deal.title_words & site.name_words <= whole.words
        is_alike = whole.layer == deal.layer and all(
            whole.parties.get(role) == deal.parties.get(role) for role in ("buyer", "seller")
        )
        return is_alike and not self._stands_at[deal.deal_id]


def is_landlords(deal: Deal) -> bool:
    """Whether the buyer builds for somebody else, under a lease or contract of which this is a part."""
    roles = deal.parties
    return (
        deal.layer == "build"
        and deal.part_of is not None
        and "seller" not in roles
        and roles.get("buyer") != roles.get("beneficiary")
    )
