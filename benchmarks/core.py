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

# Assumptions to change: one that reaches every target from one of the stated measures, and one that reaches a single
# target; low, best and high [share].
CHANGED = {"rerated": {"billed_share": (0.5, 0.8, 0.95)}, "rerated_one": {"utilisation": (0.4, 0.6, 0.9)}}


@dataclass(frozen=True)
class Rated:
    """A result of the core, with the buckets where they are kept and what was changed before they were rated."""

    rows: pl.DataFrame
    plan: Any = None
    changed: tuple[str, ...] = ()


def full_intervals(source: Any, engine: str, **options: Any) -> Rated:
    """Full intervals by site."""
    return Rated(gigaledger.aggregate(source, by=["site"], to=TARGETS, engine=engine, **options))


class Kept:
    """Buckets that are kept before the time runs: rated anew, or added to."""

    def __init__(self, source: Callable[[], Any], engine: str, files: list[str]) -> None:
        """Name the rows, and their files; they are read when they are first asked for."""
        self.source = source
        self.files = files
        self.engine = engine

    @property
    def contestants(self) -> dict[str, Callable[[], Rated]]:
        """What is asked of it by name."""
        rerated = {name: lambda name=name: self.rerated(name) for name in CHANGED}
        return {**rerated, "added": self.added}

    @cached_property
    def whole(self) -> Any:
        """The buckets of all rows, rated once."""
        return self._kept(self.source())

    @cached_property
    def but_last(self) -> Any:
        """The buckets of all files but the last, rated once."""
        return self._kept(self.files[:-1])

    def prepare(self, name: str) -> None:
        """Keep the buckets that a question needs, outside of its time."""
        if name in CHANGED:
            _ = self.whole
        elif name == "added":
            _ = self.but_last

    def rerated(self, name: str) -> Rated:
        """Full intervals under a changed assumption."""
        plan = self.whole.with_assumptions(CHANGED[name])
        return Rated(plan.result, plan, tuple(CHANGED[name]))

    def added(self) -> Rated:
        """Full intervals of all files, of which the last is new."""
        plan = self.but_last.add(self.files[-1])
        return Rated(plan.result, plan)

    def _kept(self, source: Any) -> Any:
        """Buckets that are kept and were rated once."""
        plan: Any = gigaledger.aggregate(source, by=["site"], to=TARGETS, engine=self.engine, keep=True)
        _ = plan.result
        return plan


def core_answer(rated: Rated) -> Answer:
    """The answer in a result; under a changed assumption that after the change is taken back."""
    rows = rated.plan.with_assumptions(_bundled(rated.changed)).result if rated.changed else rated.rows
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
