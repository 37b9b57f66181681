"""Proposals of claims for a ledger, with the terms of their score, and the claims that a user accepts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gigaledger.errors import NotFound, did_you_mean
from gigaledger.folder import Changes, locked, write_changes
from gigaledger.matching.features import FEATURES
from gigaledger.matching.pairs import candidates
from gigaledger.matching.scoring import all_pairs, declared_weights, proposals, scores

if TYPE_CHECKING:
    from pathlib import Path

    from gigaledger.ledger import Ledger
    from gigaledger.matching.pairs import Deal, Site

LEAST_PROBABILITY = 0.25  # about where nine of ten proposals are right on the bundled ledger
# The three numbers of a share: 5th, 50th and 95th percentile.
Share = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A claim that may be: a deal, a site, how likely it is, and what speaks for and against it."""

    claim_id: str
    deal_id: str
    deal: str
    site_id: str
    site: str
    probability: float
    share: Share
    terms: tuple[tuple[str, float], ...]  # log odds by what speaks, the strongest first

    @property
    def why(self) -> str:
        """What speaks for it and what against it, the strongest first."""
        pro = [words for words, odds in self.terms if odds > 0]
        contra = [words for words, odds in self.terms if odds < 0]
        return "; ".join(pro) + (f"; but {', '.join(contra)}" if contra else "")


def propose(ledger: Ledger, *, least: float = LEAST_PROBABILITY, limit: int = 300) -> list[Proposal]:
    """Claims that the ledger may lack, best first.

    Args:
        ledger: an open ledger.
        least: the smallest probability to propose [share].
        limit: the largest number of proposals.
    """
    found = candidates(ledger)
    if not found.deals or not found.sites:
        return []
    pairs = all_pairs(found)
    weights = np.array(declared_weights())
    score = scores(pairs.features, weights)
    deals = {deal.deal_id: deal for deal in found.deals}
    sites = {site.site_id: site for site in found.sites}
    odds = math.log(least / (1 - least)) if 0 < least < 1 else -math.inf if least <= 0 else math.inf
    chosen = proposals(pairs, score, deals, taken=found.claimed, least=odds, limit=limit)
    return [
        _proposal(
            deals[pairs.keys[one][0]], sites[pairs.keys[one][1]], float(score[one]), pairs.features[one] * weights[:-1]
        )
        for one in chosen
    ]


def _proposal(deal: Deal, site: Site, score: float, terms: np.ndarray) -> Proposal:
    """One proposal with its terms in words."""
    told = sorted(zip(FEATURES.values(), map(float, terms), strict=True), key=lambda term: -abs(term[1]))
    return Proposal(
        claim_id=f"{deal.deal_id}.{site.site_id}",
        deal_id=deal.deal_id,
        deal=deal.title,
        site_id=site.site_id,
        site=site.name,
        probability=1 / (1 + math.exp(-score)),
        share=share_by_size(deal, site),
        terms=tuple((words, round(odds, 3)) for words, odds in told if abs(odds) >= 0.05),  # noqa: PLR2004 - the rest says nothing
    )


def share_by_size(deal: Deal, site: Site) -> Share:
    """The share of the site that the deal may take by its size [share]; the whole site where a size is unknown."""
    if not deal.it_power_mw or not site.it_power_mw or site.it_power_mw[1] <= 0:
        return (0.5, 1.0, 1.0)
    low, middle, high = deal.it_power_mw
    least, most = (max(one, 1e-3) for one in site.it_power_mw)
    shares = (low / most, middle / math.sqrt(least * most), high / least)
    return tuple(round(min(1.0, max(0.01, share)), 2) for share in shares)  # type: ignore[return-value] # three of them


def accept(ledger: Ledger, folder: Path, found: list[Proposal], wanted: tuple[str, ...]) -> list[str]:
    """Append accepted proposals to the claims of a user's ledger, all or none; returns their identifiers.

    Args:
        ledger: the ledger that the proposals are for.
        folder: the folder of the user's ledger.
        found: the proposals.
        wanted: claim_id of each that is accepted, or `all`.

    Raises:
        NotFound: one of them is not proposed.
    """
    by_id = {one.claim_id: one for one in found}
    for claim_id in wanted:
        if claim_id != "all" and claim_id not in by_id:
            raise NotFound(
                f"no proposal is called {claim_id!r}{did_you_mean(claim_id, by_id)}; list them with: gigaledger match"
            )
    taken = list(by_id) if "all" in wanted else list(dict.fromkeys(wanted))
    changes = Changes()
    for claim_id in taken:
        one = by_id[claim_id]
        low, best, high = (format(share, "g") for share in one.share)
        changes.put(
            "claim",
            claim_id,
            {
                "claim_id": claim_id,
                "deal_id": one.deal_id,
                "site_id": one.site_id,
                "share_low": low,
                "share_best": best,
                "share_high": high,
                "known_on": ledger.as_of.isoformat(),
                "evidence": f"proposed by match ({one.probability:.0%}): {one.why}; share by size",
                "confidence": "low",
            },
        )
    with locked(folder):
        write_changes(folder, changes)
    return taken
