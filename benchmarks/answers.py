"""What a contestant answers, and the check that two answers are the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

TOLERANCE = 1e-9
STANDARD_ERRORS = 6


class WrongAnswer(Exception):
    """A contestant answers otherwise than the others."""


@dataclass(frozen=True)
class Answer:
    """Totals by site and target, and where they are given their percentiles; one row per site, sorted."""

    sites: npt.NDArray[np.str_]
    means: npt.NDArray[np.float64]  # one column per target
    percentiles: npt.NDArray[np.float64] | None = None  # one column per target, then p05, p50, p95
    standard_errors: npt.NDArray[np.float64] | None = None  # of means that are drawn anew

    @property
    def checksum(self) -> str:
        """One number that changes with any total and with the place of any total, to 9 digits."""
        weights = 1 + np.modf(np.arange(self.means.size) * 0.6180339887498949)[0]
        scale = np.abs(self.means).max(axis=0)
        return f"{float((self.means / scale).ravel() @ weights):.9g}"

    def save(self, path: Path) -> None:
        """Write the answer where the run reads it."""
        parts = {name: value for name, value in vars(self).items() if value is not None}
        np.savez(path, **parts)

    @classmethod
    def read(cls, path: Path) -> Answer:
        """The answer that a worker has written."""
        with np.load(path) as parts:
            return cls(**{name: parts[name] for name in parts.files})


def answer_of(sites: Sequence[str], columns: Sequence[npt.ArrayLike], **others: npt.NDArray[np.float64]) -> Answer:
    """An answer from one column per target, in any order of the sites."""
    names = np.asarray(sites, dtype=np.str_)
    order = np.argsort(names)
    means = np.column_stack([np.asarray(column, dtype=float) for column in columns])
    return Answer(names[order], means[order], **{name: value[order] for name, value in others.items()})


def largest_difference(answer: Answer, reference: Answer) -> float:
    """The largest relative difference of two answers, of totals and of percentiles that both give.

    Raises:
        WrongAnswer: they name other sites.
    """
    if answer.sites.shape != reference.sites.shape or (answer.sites != reference.sites).any():
        raise WrongAnswer(f"{answer.sites.size} sites, expected the {reference.sites.size} of the others")
    differences = [_relative(answer.means, reference.means)]
    if answer.percentiles is not None and reference.percentiles is not None:
        differences.append(_relative(answer.percentiles, reference.percentiles))
    return float(max(difference.max() for difference in differences))


def refuse_other(answer: Answer, reference: Answer) -> float:
    """The largest relative difference of an answer that agrees.

    Raises:
        WrongAnswer: it differs by more than 1e-9, or, drawn anew, by more than six standard errors.
    """
    difference = largest_difference(answer, reference)
    if answer.standard_errors is not None:
        off = np.abs(answer.means - reference.means)
        allowed = STANDARD_ERRORS * answer.standard_errors + TOLERANCE * np.abs(reference.means)
        if not (off <= allowed).all():
            raise WrongAnswer(f"totals differ by up to {difference:.2g}, more than {STANDARD_ERRORS} standard errors")
    elif not difference <= TOLERANCE:
        raise WrongAnswer(f"totals differ by up to {difference:.2g} relative, more than {TOLERANCE:g}")
    return difference


def _relative(values: npt.NDArray[np.float64], expected: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Differences over what is expected [1]."""
    relative: npt.NDArray[np.float64] = np.abs(values - expected) / np.abs(expected)
    return relative
