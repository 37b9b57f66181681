"""The aggregation core as a contestant: full intervals, re-rating, and a partition more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from answers import Answer, answer_of
from workload import TARGETS

import gigaledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import polars as pl

# An assumption of one row, which reaches every target from one of the stated measures: low, best and high [share].
CHANGED = {"billed_share": (0.5, 0.8, 0.95)}


@dataclass(frozen=True)
class Rated:
    """The buckets that the core has kept, and the result."""

    plan: Any
    rows: pl.DataFrame
    is_changed: bool = False


def full_intervals(source: Any, engine: str) -> Rated:
    """Full intervals by site, with the buckets kept, rated once."""
    plan: Any = gigaledger.aggregate(source, by=["site"], to=TARGETS, engine=engine, keep=True)
    return Rated(plan, plan.result)


class Kept:
    """Buckets of Parquet files that are kept before the time runs: rated anew, or added to."""

    def __init__(self, files: list[str], engine: str) -> None:
        """Name the files; they are read when they are first asked for."""
        self.files = files
        self.engine = engine

    @property
    def contestants(self) -> dict[str, Callable[[], Rated]]:
        """What is asked of it by name."""
        return {"rerated": self.rerated, "added": self.added}

    @cached_property
    def whole(self) -> Rated:
        """The buckets of all files."""
        return full_intervals(self.files, self.engine)

    @cached_property
    def but_last(self) -> Rated:
        """The buckets of all files but the last."""
        return full_intervals(self.files[:-1], self.engine)

    def prepare(self, name: str) -> None:
        """Keep the buckets that a question needs, outside of its time."""
        _ = {"rerated": lambda: self.whole, "added": lambda: self.but_last}.get(name, lambda: None)()

    def rerated(self) -> Rated:
        """Full intervals under a changed assumption."""
        plan = self.whole.plan.with_assumptions(CHANGED)
        return Rated(plan, plan.result, is_changed=True)

    def added(self) -> Rated:
        """Full intervals of all files, of which the last is new."""
        plan = self.but_last.plan.add(self.files[-1])
        return Rated(plan, plan.result)


def core_answer(rated: Rated) -> Answer:
    """The answer in a result; under a changed assumption that after the change is taken back."""
    rows = rated.plan.with_assumptions(_bundled(CHANGED)).result if rated.is_changed else rated.rows
    sites = rows["site"].cast(str).to_numpy()[:: len(TARGETS)]
    names = ("mean", "p05", "p50", "p95")
    cube = np.stack([rows[f"amount_{name}"].to_numpy().reshape(-1, len(TARGETS)) for name in names], axis=2)
    return answer_of(sites, list(cube[:, :, 0].T), percentiles=cube[:, :, 1:])


def _bundled(names: Iterable[str]) -> dict[str, tuple[float, float, float]]:
    """Low, best and high of some assumptions as the bundled ledger has them."""
    rows = gigaledger.open().rows(
        "select assumption_id, low, best, high from assumption where list_contains($1, assumption_id)", [list(names)]
    )
    return {name: (low, best, high) for name, low, best, high in rows}
