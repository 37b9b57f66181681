"""The strata of the draws: probabilities and normal deviates that every named stream takes in an order of its own.

The order is fixed by seed and name (`sql/draws/stream_order.sql`); the shapes are in `sql/draws/spread_value.sql`.
"""

from __future__ import annotations

import itertools
import math
from statistics import NormalDist

PINNED = (0.05, 0.50, 0.95)
FEWEST, MOST = 64, 65_536


def is_draw_count(count: int) -> bool:
    """Whether so many draws can be made: even, since the second half mirrors the first, neither few nor many."""
    return FEWEST <= count <= MOST and count % 2 == 0


def strata(count: int) -> list[tuple[int, float, float]]:
    """One probability and normal deviate per draw [1], ascending.

    The probabilities are evenly spread, and those around the 5th, 50th and 95th percentile are moved onto it, so that
    the percentiles of the draws (linear interpolation) are exactly those of the assumption.

    Args:
        count: number of draws, at least 64.

    Returns:
        `count` tuples of draw number (from 1), probability and deviate.

    Example:
        >>> [round(u, 3) for _, u, _ in strata(64)[2:5]]
        [0.036, 0.05, 0.05]
    """
    pins = _pinned_places(count)
    probabilities = [0.0] * count
    anchors = [(-0.5, 0.0), *sorted(pins.items()), (count - 0.5, 1.0)]
    for (start, low), (end, high) in itertools.pairwise(anchors):
        for place in range(math.ceil(start), math.floor(end) + 1):
            probabilities[place] = low + (high - low) * (place - start) / (end - start)
    normal = NormalDist()
    return [(place + 1, p, normal.inv_cdf(p)) for place, p in enumerate(probabilities)]


def _pinned_places(count: int) -> dict[float, float]:
    """The places between which a percentile of `count` sorted draws is interpolated, with its probability."""
    pins: dict[float, float] = {}
    for p in PINNED:
        position = p * (count - 1)
        pins[math.floor(position)] = p
        pins[math.ceil(position)] = p
    return pins
