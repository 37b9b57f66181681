"""How well proposals find claims that were left out: precision and recall over folds of whole sites, with a seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gigaledger.matching.scoring import Families, Pairs, all_pairs, fitted, proposals, scores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gigaledger.matching.pairs import Candidates
    from gigaledger.matching.scoring import Array

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Quality:
    """What the best proposals down to a score are worth."""

    least_score: float
    proposals: int
    right: int
    akin: int
    claims: int

    @property
    def precision(self) -> float:
        """The share of the proposals that name the very deal that is claimed [share]."""
        return self.right / self.proposals if self.proposals else 0.0

    @property
    def family_precision(self) -> float:
        """The share of the proposals that name the claimed deal, a part of it or its whole [share]."""
        return self.akin / self.proposals if self.proposals else 0.0

    @property
    def recall(self) -> float:
        """The share of the claims that are proposed [share]."""
        return self.right / self.claims if self.claims else 0.0


def sites_of(pairs: Pairs) -> list[str]:
    """The site of each pair."""
    return [site_id for _, site_id in pairs.keys]


def programmes_of(found: Candidates, pairs: Pairs) -> list[str]:
    """The programme of each pair's deal, or the deal itself where it has none."""
    programmes = {deal.deal_id: deal.programme_id or deal.deal_id for deal in found.deals}
    return [programmes[deal_id] for deal_id, _ in pairs.keys]


def left_out_scores(pairs: Pairs, groups: Sequence[str], seed: int, folds: int = FOLDS) -> Array:
    """The score of each pair by weights fitted without its whole group; groups are dealt into folds by a seed."""
    names = sorted(set(groups))
    dealt = dict(zip(np.random.default_rng(seed).permutation(names).tolist(), range(len(names)), strict=True))
    fold = np.array([dealt[group] % folds for group in groups])
    score = np.empty(len(pairs.keys))
    for one in range(folds):
        kept = fold != one
        weights = fitted(pairs.features[kept], pairs.is_claimed[kept])
        score[~kept] = scores(pairs.features[~kept], weights)
    return score


def curve(found: Candidates, pairs: Pairs, score: Array) -> list[Quality]:
    """The quality after each proposal, best first.

    A proposal is right when the ledger has a claim of that very deal on that site. Everything else is wrong, also what
    is true and not claimed yet. A claim of a part of the deal or of its whole is counted beside: it speaks of the same
    capacity.
    """
    deals = {deal.deal_id: deal for deal in found.deals}
    families = Families({key: deal.part_of for key, deal in deals.items()})
    claims = {(deal, site) for deal, site in found.claimed if deal in deals}
    right, akin, qualities = 0, 0, []
    for count, place in enumerate(proposals(pairs, score, deals), start=1):
        deal, site = pairs.keys[place]
        right += (deal, site) in claims
        akin += any(there == site and families.are_one(other, deal) for other, there in claims)
        qualities.append(Quality(float(score[place]), count, right, akin, len(claims)))
    return qualities


def evaluate(found: Candidates, seeds: range) -> dict[str, list[list[Quality]]]:
    """The curves of left-out claims, one a seed: with whole sites left out, and with whole programmes."""
    pairs = all_pairs(found)
    groups = {"site": sites_of(pairs), "programme": programmes_of(found, pairs)}
    return {
        name: [curve(found, pairs, left_out_scores(pairs, group, seed)) for seed in seeds]
        for name, group in groups.items()
    }


def at_recall(qualities: list[Quality], recall: float) -> Quality | None:
    """The quality where the recall is first reached."""
    return next((one for one in qualities if one.recall >= recall), None)
