"""What is asked of a source: keys, subtotals, and which column stands for which name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from gigaledger.errors import BadQuestion, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

GRAINS = ("year", "quarter", "month", "week", "day")
STATED = ("measure", "chip", "year", "amount")
OPTIONAL = ("low", "high", "unit")
RESULT_COLUMNS = ("measure", "unit", "amount_mean", "amount_p05", "amount_p50", "amount_p95", "draws", "grouped_by")
_KEY = re.compile(r"(?P<column>.+?)(?::(?P<grain>[a-z]+))?")


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the groups: a column of the source, or the beginning of the period in which its day falls."""

    column: str
    grain: str | None = None

    @property
    def name(self) -> str:
        """The name of the key in the result: `on_date:month` is `on_date_month`, the stated measure `from_measure`."""
        if self.grain is not None:
            return f"{self.column}_{self.grain}"
        return "from_measure" if self.column == "measure" else self.column


@dataclass(frozen=True, slots=True)
class Question:
    """The keys of the groups, the sets of them to total, and the source's columns by what they stand for."""

    keys: tuple[Key, ...]
    grouping_sets: tuple[tuple[str, ...], ...]
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def key_names(self) -> list[str]:
        """The names of the keys in the result."""
        return [key.name for key in self.keys]

    @property
    def scanned(self) -> list[str]:
        """The column of the buckets that holds each key: what is stated is there anyway, others are numbered."""
        return [
            key.column if key.column in STATED and key.grain is None else f"key_{place}"
            for place, key in enumerate(self.keys)
        ]

    @property
    def numbered(self) -> dict[str, Key]:
        """The keys that buckets hold beside what is stated, by the name of their column."""
        return {name: key for name, key in zip(self.scanned, self.keys, strict=True) if name.startswith("key_")}

    @property
    def has_subtotals(self) -> bool:
        """Whether groups of several grains stand in the result."""
        return self.grouping_sets != (tuple(self.key_names),)


def question_of(
    by: str | Iterable[str],
    subtotals: str | Sequence[Sequence[str]] | None,
    columns: Mapping[str, str] | None,
) -> Question:
    """The question, checked as far as it can be without the source.

    Args:
        by: columns, each with or without a grain: `state`, `on_date:month`.
        subtotals: `rollup`, `cube`, or the sets of keys to total; none: the groups alone.
        columns: the source's column for each of measure, chip, year, amount, low, high that has another name there.

    Raises:
        BadQuestion: a grain, a key or a name that is none.
    """
    keys = tuple(_key(text) for text in ([by] if isinstance(by, str) else by))
    names = [key.name for key in keys]
    for name in names:
        if names.count(name) > 1:
            raise BadQuestion(f"by names {name!r} twice; expected each key once")
        if name in RESULT_COLUMNS:
            raise BadQuestion(
                f"the key {name!r} would have the name of a column of the result; rename it in the source"
            )
    known = (*STATED, *OPTIONAL)
    for name in columns or {}:
        if name not in known:
            raise BadQuestion(f"columns names {name!r}; expected {', '.join(known)}{did_you_mean(name, known)}")
    mapped = {name: (columns or {}).get(name, name) for name in known}
    return Question(keys, _grouping_sets(names, subtotals), mapped)


def _key(text: str) -> Key:
    """A key from its text."""
    parts = _KEY.fullmatch(text)
    if parts is None:
        raise BadQuestion(f"by names {text!r}; expected a column, or a column with a grain such as on_date:month")
    if parts["grain"] is not None and parts["grain"] not in GRAINS:
        hint = did_you_mean(parts["grain"], GRAINS)
        raise BadQuestion(f"{parts['grain']!r} in {text!r} is no grain of time; expected {', '.join(GRAINS)}{hint}")
    return Key(parts["column"], parts["grain"])


def _grouping_sets(names: list[str], subtotals: str | Sequence[Sequence[str]] | None) -> tuple[tuple[str, ...], ...]:
    """The sets of keys to total, the finest first."""
    whole = tuple(names)
    if subtotals is None:
        return (whole,)
    if subtotals == "rollup":
        return tuple(whole[:count] for count in range(len(whole), -1, -1))
    if subtotals == "cube":
        return tuple(chosen for count in range(len(whole), -1, -1) for chosen in combinations(whole, count))
    if isinstance(subtotals, str):
        raise BadQuestion(f"subtotals is {subtotals!r}; expected 'rollup', 'cube' or a list of lists of keys")
    sets = [tuple(name for name in names if name in wanted) for wanted in subtotals]
    unknown = [name for wanted in subtotals for name in wanted if name not in names]
    if unknown:
        raise BadQuestion(f"subtotals names {unknown[0]!r}, which is no key; expected {', '.join(names) or 'no key'}")
    return tuple(dict.fromkeys([whole, *sets]))
