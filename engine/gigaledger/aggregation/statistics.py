"""Draws of groups from buckets and rates, their mean and percentiles; in blocks of groups, which bounds memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Draws = npt.NDArray[np.float64]
    Columns = dict[str, Draws]
    Places = npt.NDArray[np.int64]

PERCENTILES = {"p05": 0.05, "p50": 0.50, "p95": 0.95}
BLOCK = 256  # groups that are rated at a time: as many as stay in the cache with their draws
_SAME = 1e-13  # relative difference of rates that are the same but for rounding
_DENSE = 0.05  # share of paths that a group has from which on a full matrix is the faster one


@dataclass(frozen=True)
class GroupSet:
    """The groups of one set of keys: amounts and variances as groups x paths, and the group of each finest group."""

    amounts: Any  # scipy.sparse.csr_array
    variances: Any | None
    owner: Places

    @property
    def count(self) -> int:
        """How many groups there are."""
        return int(self.amounts.shape[0])


def target_tasks(
    sets: list[GroupSet], rates: Draws, deviates: Draws | None, *, with_draws: bool
) -> list[list[Callable[[], Columns]]]:
    """The statistics of one target as tasks that any thread may do: for each set of keys one for each block of groups.

    Args:
        sets: the sets, the finest first.
        rates: target units per stated unit, paths x draws.
        deviates: standard normal deviates of the finest groups, groups x draws; None where rows have no spread.
        with_draws: whether the draws are wanted too.

    Returns:
        For each set tasks that give, from the first group on, amount_mean, amount_p05, amount_p50, amount_p95 and,
        where wanted, draws; an amount that cannot be rated is nan.
    """
    if deviates is None:
        return [_tasks(one, Product.of(one.amounts, rates), with_draws=with_draws) for one in sets]
    # Subtotals are the sums of all blocks, so nothing is left to be shared out.
    reckoned = _spread_columns(sets, rates, deviates, with_draws=with_draws)
    return [[partial(dict, columns)] for columns in reckoned]


def _tasks(groups: GroupSet, product: Product, *, with_draws: bool) -> list[Callable[[], Columns]]:
    """The statistics of the groups of one set, a task for each block."""
    return [partial(_columns, product, block, with_draws=with_draws) for block in _blocks(groups)]


def joined(parts: list[Columns]) -> Columns:
    """Columns of several blocks, one below the other."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _blocks(groups: GroupSet) -> list[slice]:
    """The groups, some at a time; no groups: a block of none."""
    return [slice(start, start + BLOCK) for start in range(0, max(1, groups.count), BLOCK)]


def _columns(product: Product, block: slice, *, with_draws: bool) -> Columns:
    """The statistics of a block of groups."""
    drawn = product.rows(block)
    return _statistics(drawn, drawn.mean(axis=1), with_draws=with_draws)


def _statistics(drawn: Draws, mean: Draws, *, with_draws: bool) -> Columns:
    """The statistics of draws and, where they are wanted, the draws."""
    return {"amount_mean": mean, **percentiles(drawn), **({"draws": drawn} if with_draws else {})}


def _spread_columns(sets: list[GroupSet], rates: Draws, deviates: Draws, *, with_draws: bool) -> list[Columns]:
    """The statistics of every set where rows have a spread.

    It is drawn for the finest groups, so that subtotals are their sums in every draw.
    """
    finest = sets[0]
    exact = [Product.of(one.amounts, rates) for one in sets]
    variance = None if finest.variances is None else Product.of(finest.variances, rates * rates)
    totals = [np.zeros((one.count, rates.shape[1])) for one in sets[1:]]
    parts = []
    for block in _blocks(finest):
        certain = exact[0].rows(block)
        drawn = spread(certain, np.zeros_like(certain) if variance is None else variance.rows(block), deviates[block])
        for one, total in zip(sets[1:], totals, strict=True):
            np.add.at(total, one.owner[block], drawn)
        parts.append(_statistics(drawn, certain.mean(axis=1), with_draws=with_draws))
    columns = [joined(parts)]
    for one, product, total in zip(sets[1:], exact[1:], totals, strict=True):
        blocks = _blocks(one)
        means = [product.rows(block).mean(axis=1) for block in blocks]
        each = [
            _statistics(total[block], mean, with_draws=with_draws) for block, mean in zip(blocks, means, strict=True)
        ]
        columns.append(joined(each))
    return columns


@dataclass(frozen=True)
class Product:
    """Amounts of groups times rates, groups x draws, reckoned a block of groups at a time.

    A group is nan where it holds an amount that cannot be rated: unknown is never 0.
    """

    amounts: Any  # scipy.sparse.csr_array, groups x paths
    merge: Any  # scipy.sparse.csr_array, paths x kinds of paths
    rates: Draws  # kinds of paths x draws
    is_unknown: npt.NDArray[np.bool_]  # of each group

    @classmethod
    def of(cls, amounts: Any, rates: Draws) -> Product:
        """The product of amounts, groups x paths, with rates, paths x draws."""
        missing = np.isnan(rates).any(axis=1)
        is_unknown = np.asarray(abs(amounts[:, missing]).sum(axis=1)).ravel() != 0
        if missing.any():
            amounts, rates = amounts[:, ~missing], rates[~missing]
        kinds, scale, leaders = proportional(rates)
        merge = csr_array((scale, (np.arange(len(rates)), kinds)), shape=(len(rates), len(leaders)))
        return cls(amounts, merge, rates[leaders], is_unknown)

    def rows(self, block: slice) -> Draws:
        """The draws of some groups."""
        amounts = self.amounts[block]
        is_dense = amounts.nnz > _DENSE * amounts.shape[0] * amounts.shape[1]
        merged = amounts.toarray() @ self.merge.toarray() if is_dense else amounts @ self.merge
        drawn: Draws = np.ascontiguousarray(merged @ self.rates)
        drawn[self.is_unknown[block]] = np.nan
        return drawn


def proportional(rates: Draws) -> tuple[Places, Draws, Places]:
    """Paths whose rates are multiples of each other in every draw, so that they are rated as one.

    Many are: years and chips share most assumptions. A third of the product is left of it.

    Args:
        rates: paths x draws, none of them nan.

    Returns:
        For each path the number of its kind and its multiple of the leader's rates; the path that leads each kind.
    """
    if not len(rates):
        return np.empty(0, dtype=np.int64), np.empty(0), np.empty(0, dtype=np.int64)
    first = rates[:, 0]
    scale = np.where((first != 0) & np.isfinite(first), first, 1.0)
    shapes = rates / scale[:, None]
    weights = np.cos(np.arange(rates.shape[1]))  # no sum of some draws stands for a sum of others
    order = np.argsort(shapes @ weights, kind="stable")
    ordered = shapes[order]
    with np.errstate(invalid="ignore"):  # rates beyond the range of numbers are like no others
        differs = (np.abs(ordered[1:] - ordered[:-1]) > _SAME * np.abs(ordered[1:])).any(axis=1)
    starts = np.concatenate([[True], differs | ~np.isfinite(ordered[1:]).all(axis=1)])[: len(rates)]
    kinds = np.empty(len(rates), dtype=np.int64)
    kinds[order] = np.cumsum(starts) - 1
    leaders = order[starts]
    return kinds, scale / scale[leaders][kinds], leaders


def spread(drawn: Draws, variance: Draws, deviates: Draws) -> Draws:
    """Amounts of groups with the spread of their rows, which are independent of each other, draw by draw.

    The sum of the rows of a group has the mean and the variance that the rows add up to; its shape is log-normal, which
    no draw makes negative and which many rows make normal, as their sum is.

    Args:
        drawn: amounts without that spread, groups x draws.
        variance: of the same amounts, in the target's unit squared.
        deviates: standard normal deviates, groups x draws.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        width = np.log1p(variance / (drawn * drawn))
        factor = np.exp(np.sqrt(width) * deviates - width / 2)
    return np.where(drawn != 0, drawn * factor, np.sqrt(variance) * deviates)


def percentiles(drawn: Draws) -> dict[str, Draws]:
    """The percentiles over the draws of each row, interpolated linearly as `quantile_cont` does.

    Rounding keeps the order, so numbers of half the length are sorted, in half the time; the draw that stands at a rank
    is then found by its rounded value. Rows in which that is not the only one of its kind are sorted as they are.
    """
    last = drawn.shape[1] - 1
    ranks = {name: int(np.floor(share * last)) for name, share in PERCENTILES.items()}
    wanted = sorted({rank for below in ranks.values() for rank in (below, min(below + 1, last))})
    with np.errstate(over="ignore"):
        rounded = drawn.astype(np.float32)
    ordered = np.sort(rounded, axis=1)
    at = ordered[:, wanted]
    before, after = (
        ordered[:, [max(rank - 1, 0) for rank in wanted]],
        ordered[:, [min(rank + 1, last) for rank in wanted]],
    )
    is_found = ((before < at) & (at < after) & np.isfinite(at)).all(axis=1)
    every = np.arange(len(drawn))
    values = np.empty_like(at, dtype=np.float64)
    for place in range(len(wanted)):
        values[:, place] = drawn[every, (rounded == at[:, place, None]).argmax(axis=1)]
    values[~is_found] = np.sort(drawn[~is_found], axis=1)[:, wanted]
    columns = {}
    for name, below in ranks.items():
        low, high = values[:, wanted.index(below)], values[:, wanted.index(min(below + 1, last))]
        columns[f"amount_{name}"] = low + (high - low) * (PERCENTILES[name] * last - below)
    return columns
