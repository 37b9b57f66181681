"""Programmes and their sites rated in bulk: weights, spreads and rates from SQL, multiplied draw by draw.

What is nonlinear in a programme is small: stages beyond the stages before them, and claims that compete. All the rest
is a sum of weights times rates, so that an array of lines by draws takes the place of a row per line and draw. The
formulas are those of `site_draw_as_of` and `claim_draw_as_of`, with which the tests hold this module together.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gigaledger.aggregation.bundle_formula import constant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gigaledger.bulk_facts import Facts

Draws = np.ndarray[Any, np.dtype[np.float64]]
Places = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
STAGE_COUNT = 3
# Programmes are rated in groups of so many sites, so that arrays of all draws stay within some 100 MB.
SITES_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Rated:
    """Some programmes, draw by draw.

    Attributes:
        programmes: their places in the list of all programmes.
        has_pledge: whether a statement of capacity is known, by programme.
        pledged: by programme, measure and draw; nan where unknown.
        identified: by programme, measure, stage and draw.
        pairs: places of programme and site, one row per claimed site with a figure.
        shares: what each of these sites contributes, by pair, measure, stage and draw.
    """

    programmes: Places
    has_pledge: Flags
    pledged: Draws
    identified: Draws
    pairs: Places
    shares: Draws


def rated_programmes(facts: Facts) -> Iterator[Rated]:
    """All programmes in groups, in order; the next group is rated beside the one in use, which changes no figure."""
    groups = _groups(facts)
    with ThreadPoolExecutor(max_workers=2) as pool:
        ahead = deque(pool.submit(_rated_group, facts, *group) for group in itertools.islice(groups, 2))
        while ahead:
            rated = ahead.popleft().result()
            ahead.extend(pool.submit(_rated_group, facts, *group) for group in itertools.islice(groups, 1))
            yield rated


def _rated_group(facts: Facts, start: int, end: int) -> Rated:
    """The programmes from one place up to another."""
    claims = slice(*np.searchsorted(facts.claim_programme, [start, end]))
    shares, pairs = claimed_shares(facts, claims)
    sites, place = np.unique(pairs[:, 1], return_inverse=True)
    states, has_figure = site_states(facts, sites)
    kept = has_figure[place]
    pairs, contributions = pairs[kept], states[place[kept]] * shares[kept][:, None, None, :]
    programmes = np.arange(start, end)
    has_pledge, pledged = _pledged(facts, start, end)
    return Rated(
        programmes=programmes,
        has_pledge=has_pledge,
        pledged=pledged,
        identified=_sums(contributions, np.searchsorted(pairs[:, 0], [*programmes, end])),
        pairs=pairs,
        shares=contributions,
    )


def _groups(facts: Facts) -> Iterator[tuple[int, int]]:
    """First and last programme of groups with about SITES_AT_ONCE claims."""
    claims = np.searchsorted(facts.claim_programme, np.arange(facts.programme_count + 1))
    start = 0
    for end in range(1, facts.programme_count + 1):
        if end == facts.programme_count or claims[end + 1] - claims[start] > SITES_AT_ONCE:
            yield start, end
            start = end


def _pledged(facts: Facts, start: int, end: int) -> tuple[Flags, Draws]:
    """Whether programmes state capacity, and what they pledge by programme, measure and draw."""
    deals = np.arange(*np.searchsorted(facts.deal_programme, [start, end]))
    bounds = np.searchsorted(facts.deal_programme[deals], np.arange(start, end + 1))
    return bounds[1:] > bounds[:-1], _sums(deal_amounts(facts, deals), bounds)


def deal_amounts(facts: Facts, deals: Places, measure_count: int | None = None) -> Draws:
    """What deals come to, by deal, measure and draw, in the first of the measures or in all."""
    amounts = line_amounts(facts, facts.deal_weight[deals], facts.deal_shape[deals], facts.deal_stream[deals])
    return np.stack([amounts * facts.rate[rate] for rate in facts.deal_rate[deals, :measure_count].T], axis=1)


def line_amounts(facts: Facts, weights: Draws, shapes: Places, streams: Places) -> Draws:
    """Amounts by line and draw: the weight, times the spread of its own where there is one (shape not below 0)."""
    amounts = np.repeat(weights[:, None], facts.draw_count, axis=1)
    own = np.flatnonzero(shapes >= 0)
    if len(own):
        amounts[own] *= np.take_along_axis(facts.shape[shapes[own]], facts.stratum[streams[own]], axis=1)
    return amounts


def claimed_shares(facts: Facts, claims: slice) -> tuple[Draws, Places]:
    """The claimed share by programme and site and draw, and their places; the formula of `claim_draw_as_of`."""
    share = line_amounts(facts, facts.claim_weight[claims], facts.claim_shape[claims], facts.claim_stream[claims])
    layers, by_layer = gathered_rows(np.add, share, facts.claim_layer_key[claims])
    pairs, shares = gathered_rows(np.maximum, np.minimum(1, by_layer), layers // facts.layer_count)
    return shares, np.stack(np.divmod(pairs, facts.site_count), axis=1)


def site_states(facts: Facts, sites: Places) -> tuple[Draws, Flags]:
    """What is operational, under construction and planned, by site, measure, stage and draw, as in `site_draw_as_of`.

    The second result says which sites have a figure.
    """
    reach, cell_of = _reach(facts, sites)
    cell_of_stage = cell_of[:, : facts.measure_count].transpose(2, 0, 1)
    before_start = _beyond(reach, cell_of, facts.compared_with[sites, :, 0], (0,), 1)
    before_plan = _beyond(reach, cell_of, facts.compared_with[sites, :, 1], (0, 1), 2)
    states = np.stack([reach[cells] for cells in cell_of_stage], axis=2)
    if facts.has_unknown_rates:
        states += np.where(np.isnan(states.sum(axis=2, keepdims=True)), np.nan, 0)
    states[:, :, 1] *= before_start
    states[:, :, 2] *= before_plan
    return states, np.asarray((cell_of_stage > 0).any(axis=(0, 2)))


def _beyond(reach: Draws, cell_of: Places, measures: Places, before: tuple[int, ...], stage: int) -> Draws:
    """The share of a stage beyond the stages before it [1], by site and measure, compared in the measures named."""
    key = np.arange(len(measures))[:, None] * cell_of.shape[1] + measures
    compared, place = np.unique(key, return_inverse=True)
    site, measure = np.divmod(compared, cell_of.shape[1])
    earlier = np.fmax.reduce([reach[cell_of[site, measure, one]] for one in before])
    amount = reach[cell_of[site, measure, stage]]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = earlier / amount
    share = share_beyond(np.where(amount > 0, np.nan_to_num(ratio), 0))
    return share[place.reshape(measures.shape)]


def share_beyond(reached: Draws) -> Draws:
    """The share of a stage beyond the share of it that is reached [1]; see the macro of this name."""
    beyond: Draws = np.where(reached > 1 - constant("rounding_share"), 0, 1 - reached)
    return beyond


def _reach(facts: Facts, sites: Places) -> tuple[Draws, Places]:
    """What each stage of sites has reached, by cell and draw; and the cell by site, measure and stage (0: nothing)."""
    starts, ends = np.searchsorted(facts.line_site, sites), np.searchsorted(facts.line_site, sites, side="right")
    counts = ends - starts
    lines = np.repeat(starts - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts) + np.arange(counts.sum())
    amounts = line_amounts(facts, facts.line_weight[lines], facts.line_shape[lines], facts.line_stream[lines])
    amounts *= facts.rate[facts.line_rate[lines]]
    key = (np.repeat(np.arange(len(sites)), counts) * facts.target_count + facts.line_target[lines]) * STAGE_COUNT
    cells, reached = gathered_rows(np.add, amounts, key + facts.line_stage[lines])
    cell_of = np.zeros(len(sites) * facts.target_count * STAGE_COUNT, int)
    cell_of[cells] = np.arange(1, len(cells) + 1)
    reach = np.concatenate([np.zeros((1, facts.draw_count)), reached])
    return reach, cell_of.reshape(len(sites), facts.target_count, STAGE_COUNT)


def gathered_rows(operation: np.ufunc, values: Draws, keys: Places) -> tuple[Places, Draws]:
    """The distinct keys, which ascend, and their rows of values brought together, each with the next."""
    distinct, first, counts = np.unique(keys, return_index=True, return_counts=True)
    gathered = values if len(distinct) == len(keys) else values[first]
    for place in range(1, counts.max(initial=1)):
        more = np.flatnonzero(counts > place)
        gathered[more] = operation(gathered[more], values[first[more] + place])
    return distinct, gathered


def _sums(values: Draws, bounds: Places) -> Draws:
    """Sums of consecutive rows between bounds; 0 where there are none."""
    return np.stack([values[start:end].sum(axis=0) for start, end in itertools.pairwise(bounds)])


def means(values: Draws) -> Draws:
    """Mean over the draws, which are the last axis, of those that are known; nan where none is."""
    results: Draws = values.mean(axis=-1)
    for row in zip(*np.nonzero(np.isnan(results)), strict=True):
        known = values[row][~np.isnan(values[row])]
        results[row] = known.mean() if len(known) else np.nan
    return results


def statistics(values: Draws) -> Draws:
    """Mean, 5th, 50th and 95th percentile over draws as DuckDB gives them; nan where unknown.

    Args:
        values: draws on the last axis; the array is sorted in place, draws that are unknown last.

    Returns:
        The last axis replaced by the four statistics.
    """
    values.sort(axis=-1)
    results = _statistics_of_sorted(values)
    for row in zip(*np.nonzero(np.isnan(values[..., -1])), strict=True):
        known = values[row][~np.isnan(values[row])]
        results[row] = _statistics_of_sorted(known) if len(known) else np.nan
    return results


def _statistics_of_sorted(values: Draws) -> Draws:
    """Mean and percentiles, interpolated between the two draws next to them."""
    results = [values.mean(axis=-1)]
    for share in (0.05, 0.50, 0.95):
        place = share * (values.shape[-1] - 1)
        low, high = math.floor(place), math.ceil(place)
        results.append(values[..., low] + (values[..., high] - values[..., low]) * (place - low))
    return np.stack(results, axis=-1)
