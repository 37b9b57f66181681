"""How well proposals find claims that were left out: precision and recall over folds, with a seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gigaledger.matching.scoring import Families, Pairs, all_pairs, fitted, proposals, scores

if TYPE_CHECKING:
    from gigaledger.matching.pairs import Candidates
    from gigaledger.matching.scoring import Array

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Quality:
    """What the best proposals down to a score are worth."""

    least_score: float
    proposals: int
    right: int
    exact: int
    recalled: int
    claims: int

    @property
    def precision(self) -> float:
        """The share of the proposals that are right [share]."""
        return self.right / self.proposals if self.proposals else 0.0

    @property
    def exact_precision(self) -> float:
        """The share of the proposals that name the very deal that is claimed [share]."""
        return self.exact / self.proposals if self.proposals else 0.0

    @property
    def recall(self) -> float:
        """The share of the claims that are found [share]."""
        return self.recalled / self.claims if self.claims else 0.0


def left_out_scores(pairs: Pairs, seed: int, folds: int = FOLDS) -> Array:
    """The score of each pair by weights fitted without it: claims and other pairs are dealt into folds by a seed."""
    random = np.random.default_rng(seed)
    fold = np.empty(len(pairs.keys), dtype=int)
    for is_claimed in (0.0, 1.0):
        places = random.permutation(np.flatnonzero(pairs.is_claimed == is_claimed))
        fold[places] = np.arange(len(places)) % folds
    score = np.empty(len(pairs.keys))
    for one in range(folds):
        kept = fold != one
        weights = fitted(pairs.features[kept], pairs.is_claimed[kept])
        score[~kept] = scores(pairs.features[~kept], weights)
    return score


def curve(found: Candidates, pairs: Pairs, score: Array) -> list[Quality]:
    """The quality after each proposal, best first.

    A proposal is right when the ledger has a claim on the site of the deal, of a deal that it is part of, or of a part
    of it: these speak of the same capacity. Everything else is wrong, also what the ledger does not claim yet.
    """
    families = Families({deal.deal_id: deal.part_of for deal in found.deals})
    deals = {deal.deal_id: deal for deal in found.deals}
    candidates = {(deal, site) for deal, site in found.claimed if deal in deals}
    recalled: set[tuple[str, str]] = set()
    right, exact, qualities = 0, 0, []
    for count, place in enumerate(proposals(pairs, score, deals), start=1):
        deal, site = pairs.keys[place]
        hits = {(other, there) for other, there in candidates if there == site and families.are_one(other, deal)}
        right += bool(hits)
        exact += (deal, site) in candidates
        recalled |= hits
        qualities.append(Quality(float(score[place]), count, right, exact, len(recalled), len(candidates)))
    return qualities


def evaluate(found: Candidates, seeds: range) -> list[list[Quality]]:
    """The curve of left-out claims for each seed."""
    pairs = all_pairs(found)
    return [curve(found, pairs, left_out_scores(pairs, seed)) for seed in seeds]


def at_recall(qualities: list[Quality], recall: float) -> Quality | None:
    """The quality where the recall is first reached."""
    return next((one for one in qualities if one.recall >= recall), None)
