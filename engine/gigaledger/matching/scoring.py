"""A logistic score of pairs, its fit to known claims, and the proposals that fit together."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gigaledger.matching.features import AGAINST, EITHER, FEATURES, Features

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from gigaledger.matching.pairs import Candidates, Deal

    Array = NDArray[np.float64]

WEIGHTS = Path(__file__).resolve().parent / "weights.csv"
RIDGE = 1.0  # keeps weights of rare features small


@dataclass(slots=True)
class Pairs:
    """Every pair of a deal and a site: its keys, features (a row each) and whether it is claimed."""

    keys: list[tuple[str, str]]
    features: Array
    is_claimed: Array


def all_pairs(found: Candidates) -> Pairs:
    """The pairs of deals and sites that a party, a name or rare words connect; nothing speaks for the others."""
    features = Features(found)
    both = [(deal, site) for deal in found.deals for site in found.sites if features.are_connected(deal, site)]
    keys = [(deal.deal_id, site.site_id) for deal, site in both]
    rows = [features.of(deal, site) for deal, site in both]
    return Pairs(
        keys,
        np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURES)),
        np.array([key in found.claimed for key in keys], dtype=np.float64),
    )


def fitted(features: Array, is_claimed: Array) -> Array:
    """Weights of a logistic regression with ridge penalty; the last one is the constant.

    A weight keeps the sign that its feature can have, so that no explanation says the contrary of what it means.
    """
    from scipy.optimize import minimize

    def loss(weights: Array) -> tuple[float, Array]:
        score = features @ weights[:-1] + weights[-1]
        gap = 1 / (1 + np.exp(-score)) - is_claimed
        value = (np.logaddexp(0, score) - is_claimed * score).sum() + RIDGE / 2 * (weights[:-1] ** 2).sum()
        return float(value), np.append(features.T @ gap + RIDGE * weights[:-1], gap.sum())

    start = np.zeros(features.shape[1] + 1)
    bounds = [(None, None) if name in EITHER else (None, 0.0) if name in AGAINST else (0.0, None) for name in FEATURES]
    bounds.append((None, None))
    result: Array = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500}).x
    return result


@cache
def declared_weights() -> tuple[float, ...]:
    """The weights fitted to the bundled claims, as they stand in `weights.csv`; the last one is the constant."""
    with WEIGHTS.open(encoding="utf-8", newline="") as file:
        rows = {row["feature"]: float(row["weight"]) for row in csv.DictReader(file)}
    return (*(rows[name] for name in FEATURES), rows["constant"])


def scores(features: Array, weights: Array) -> Array:
    """The log odds of each pair [1]."""
    result: Array = features @ weights[:-1] + weights[-1]
    return result


class Families:
    """Deals that are parts of each other: they speak of the same capacity."""

    def __init__(self, part_of: dict[str, str | None]) -> None:
        """Take the deal that each deal is part of."""
        self._above = {deal: self._ancestors(deal, part_of) for deal in part_of}

    @staticmethod
    def _ancestors(deal: str, part_of: dict[str, str | None]) -> frozenset[str]:
        found: list[str] = []
        above = part_of.get(deal)
        while above and above not in found:
            found.append(above)
            above = part_of.get(above)
        return frozenset(found)

    def are_one(self, a: str, b: str) -> bool:
        """Whether one deal is the other or a part of it."""
        return a == b or a in self._above.get(b, ()) or b in self._above.get(a, ())


def proposals(  # noqa: PLR0913 - what there is to choose from, and how much of it
    pairs: Pairs,
    score: Array,
    deals: dict[str, Deal],
    *,
    taken: Iterable[tuple[str, str]] = (),
    least: float = -np.inf,
    limit: int = 300,
) -> list[int]:
    """The places of the pairs to propose, best first.

    A site serves one deal of a layer, one of a programme, and one of a family of deals: the best one. A deal may have
    several sites. What is claimed already is taken.
    """
    families = Families({key: deal.part_of for key, deal in deals.items()})

    def are_rivals(a: Deal, b: Deal) -> bool:
        is_one_programme = a.programme_id is not None and a.programme_id == b.programme_id
        return a.layer == b.layer or is_one_programme or families.are_one(a.deal_id, b.deal_id)

    chosen: list[int] = []
    at_site: dict[str, list[Deal]] = {}
    for deal_id, site_id in taken:
        if deal_id in deals:
            at_site.setdefault(site_id, []).append(deals[deal_id])
    for place in np.argsort(-score, kind="stable"):
        if score[place] < least or len(chosen) >= limit:
            break
        deal, others = deals[pairs.keys[place][0]], at_site.setdefault(pairs.keys[place][1], [])
        if not any(are_rivals(deal, other) for other in others):
            others.append(deal)
            chosen.append(int(place))
    return chosen
