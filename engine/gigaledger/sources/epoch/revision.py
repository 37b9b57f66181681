"""From timelines to milestones: the steps of a site as known on a day, and what a later vintage revises of them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt

SAME = 1e-9


class Series(NamedTuple):
    """What is counted at a site: a measure, and the chip where it is counted by chip."""

    site_id: str
    measure: str
    chip_id: str


class Key(NamedTuple):
    """What a later `known_on` supersedes: a series at a day and stage."""

    series: Series
    on: dt.date
    stage: str


@dataclass(slots=True)
class Step:
    """The state of a series from a day on, with where the vintage says so."""

    on: dt.date
    amount: float
    locator: str


@dataclass(slots=True)
class Amounts:
    """What a milestone states: an amount, for work under way with its least and largest reading."""

    best: float
    low: float | None = None
    high: float | None = None

    def is_same(self, other: Amounts) -> bool:
        """Whether both state the same."""
        return all(
            a == b or (a is not None and b is not None and abs(a - b) <= SAME * max(abs(a), abs(b)))
            for a, b in ((self.best, other.best), (self.low, other.low), (self.high, other.high))
        )


@dataclass(slots=True)
class Revision:
    """The milestones that a vintage adds to a ledger."""

    added: dict[Key, tuple[Amounts, str]] = field(default_factory=dict)
    new: int = 0
    revised: list[dict[str, object]] = field(default_factory=list)
    unchanged: int = 0


def steps_of(points: list[Step]) -> list[Step]:
    """The points at which an amount changes, in order of days; the first point is always one."""
    steps: list[Step] = []
    for point in sorted(points, key=lambda one: one.on):
        if not steps or not Amounts(steps[-1].amount).is_same(Amounts(point.amount)):
            steps.append(point)
    return steps


def amount_in_force(steps: list[Step], on: dt.date) -> float:
    """The amount of a series on a day; 0 before its first step."""
    place = bisect_right([step.on for step in steps], on)
    return steps[place - 1].amount if place else 0.0


def revise(
    timelines: dict[Series, list[Step]],
    work: dict[Series, tuple[dt.date, Amounts, str]],
    ledger: dict[Key, Amounts],
    known_on: dt.date,
) -> Revision:
    """The milestones by which a ledger comes to say what a vintage says.

    Steps up to the day of the vintage are operational, later ones planned. A day that an earlier vintage named and this
    one does not is restated with the amount in force on it, so that an earlier plan does not outlive its revision.

    Args:
        timelines: the steps of each series of the vintage.
        work: work under way by series: since when, how much, where it says so.
        ledger: the newest amounts that earlier vintages left, by key.
        known_on: the day of the vintage.
    """
    revision = Revision()
    for series, steps in timelines.items():
        for step in steps:
            stage = "operational" if step.on <= known_on else "planned"
            _add(revision, ledger, Key(series, step.on, stage), Amounts(step.amount), step.locator)
    for series, (on, amounts, locator) in work.items():
        _add(revision, ledger, Key(series, on, "under_construction"), amounts, locator)
    for key, before in ledger.items():
        if key.series not in timelines or key in revision.added:
            continue
        steps = timelines[key.series]
        if _is_stated(key, steps, work, known_on):
            continue
        now = _restated(key, before, steps, known_on)
        if not now.is_same(before):
            _add(revision, ledger, key, now, f"timeline at {key.on}: the state in force by this vintage")
    return revision


def _is_stated(
    key: Key, steps: list[Step], work: dict[Series, tuple[dt.date, Amounts, str]], known_on: dt.date
) -> bool:
    """Whether the vintage itself states this key."""
    if key.stage == "under_construction":
        return key.series in work and work[key.series][0] == key.on
    stage = "operational" if key.on <= known_on else "planned"
    return key.stage == stage and any(step.on == key.on for step in steps)


def _restated(key: Key, before: Amounts, steps: list[Step], known_on: dt.date) -> Amounts:
    """What a vintage says of a day that it does not name itself.

    Work under way was seen and stays seen. Where the vintage has as much in service on that day already, the work was
    for its next step; what exceeds everything that the vintage still knows is cut to that.
    """
    if key.stage == "under_construction":
        ready = amount_in_force(steps, key.on)
        largest = max((step.amount for step in steps), default=0.0)
        if before.best <= ready:
            return Amounts(next((step.amount for step in steps if step.on > key.on and step.amount > ready), ready))
        return before if before.best <= largest * (1 + SAME) else Amounts(largest)
    if key.stage == "operational":
        return Amounts(amount_in_force([step for step in steps if step.on <= known_on], key.on))
    return Amounts(amount_in_force(steps, key.on))


def _add(revision: Revision, ledger: dict[Key, Amounts], key: Key, now: Amounts, locator: str) -> None:
    """Add a milestone unless the ledger says the same already."""
    before = ledger.get(key)
    if before is not None and before.is_same(now):
        revision.unchanged += 1
        return
    revision.added[key] = (now, locator)
    if before is None:
        revision.new += 1
    else:
        revision.revised.append(
            {
                "site_id": key.series.site_id,
                "on_date": key.on.isoformat(),
                "stage": key.stage,
                "measure": key.series.measure,
                "chip_id": key.series.chip_id,
                "before": before.best,
                "now": now.best,
            }
        )


def slips(
    timelines: dict[Series, list[Step]], ledger: dict[Key, Amounts], last_vintage: dt.date
) -> list[dict[str, object]]:
    """Planned steps of earlier vintages that come at another day, or not at all, by this one.

    A step has come when 98 % of its amount is reached. Days gained are negative.
    """
    found = []
    highest: dict[Series, float] = {}
    for key, before in sorted(ledger.items(), key=lambda item: item[0]):
        is_step = before.best > highest.get(key.series, 0.0) * (1 + SAME)
        if key.stage != "under_construction":
            highest[key.series] = max(before.best, highest.get(key.series, 0.0))
        steps = timelines.get(key.series, [])
        if key.stage != "planned" or key.on <= last_vintage or key.series not in timelines or not is_step:
            continue  # a restated day is no step of its own
        reached = next((step.on for step in steps if step.amount >= 0.98 * before.best), None)
        if reached != key.on:
            found.append(
                {
                    "site_id": key.series.site_id,
                    "measure": key.series.measure,
                    "chip_id": key.series.chip_id,
                    "amount": before.best,
                    "planned_on": key.on.isoformat(),
                    "now_on": reached.isoformat() if reached else None,
                    "days": (reached - key.on).days if reached else None,
                }
            )
    return found
