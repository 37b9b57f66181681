"""The words that announcements put behind an amount: `1.2 GW campus`, `$30 billion of cloud`, `one million TPUs`.

`wordings.csv` says of each what it counts: a family of chips, or the measure of a watt or dollar; no measure where the
word says nothing of it (a campus of 1.2 GW may mean its IT or its grid connection).
"""

from __future__ import annotations

import csv
import re
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gigaledger.errors import UnknownUnit
from gigaledger.units import Units, pint_unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_COUNTED = re.compile(r"[\s-]+(?:chip|gpu|accelerator)s?$", re.IGNORECASE)
_PLACE = re.compile(r"\s+(?:in|across|at)\s+\S.*$")
_JOINT = re.compile(r"^(?:worth\s+)?(?:of|in|for)\s+|^(?:-\s*)?", re.IGNORECASE)
_FILLERS = re.compile(r"^(?:(?:an?|the|its|new|more|additional|dedicated|AI)\s+)+", re.IGNORECASE)


class Wording(NamedTuple):
    """What some words mean beside a unit."""

    words: str
    unit: str
    chip_id: str
    measure: str
    reading: str

    def fits(self, pint_unit: str, units: Units) -> bool:
        """Whether the words can stand behind a unit and, where they name a measure, the vocabulary has it."""
        is_alike = not self.unit or units.dimension(pint_unit) == units.dimension(self.unit)
        return is_alike and not self.chip_id and (not self.measure or self.measure in units.measures)


class MeantUnit(NamedTuple):
    """A unit in Pint, the chip that it counts, the measure that words behind it name, and how a family was read."""

    text: str
    pint_unit: str
    chip_id: str | None
    measure: str | None = None
    assumed: tuple[str, ...] = ()


def meant_unit(text: str, units: Units, chips: Mapping[str, str]) -> MeantUnit:
    """The unit that a text means, with or without words behind it; a family of chips is one too.

    Raises:
        UnknownUnit: neither a unit nor a chip.
    """
    try:
        return MeantUnit(text, *pint_unit_of(text, units, chips))
    except UnknownUnit as unknown:
        family = _family_of(text)
        if family and family.chip_id in chips.values():
            reading = f"{text} names no model: read as {family.chip_id}, {family.reading} (state one with --chip)"
            return MeantUnit(text, "chip", family.chip_id, assumed=(reading,))
        for unit, wording in trailing_wordings(text):
            with suppress(UnknownUnit):
                pint_unit, chip_id = pint_unit_of(unit, units, chips)
                if wording.fits(pint_unit, units):
                    return MeantUnit(unit, pint_unit, chip_id, wording.measure or None)
        raise unknown from None


def _family_of(text: str) -> Wording | None:
    """The family of chips that a text names, such as `TPUs` or `Blackwell GPUs`; None where it names none."""
    for name in (text, _COUNTED.sub("", text)):
        if found := next((wording for wording in _meant_by(name) if wording.chip_id), None):
            return found
    return None


def trailing_wordings(text: str) -> Iterator[tuple[str, Wording]]:
    """The ways to read a text as a unit and the words behind it, such as `GW campus in Texas`; the longest words first.

    Example:
        >>> next((unit, wording.measure) for unit, wording in trailing_wordings("USD of cloud services in Ohio"))
        ('USD', 'cloud_contract')
    """
    for words in (text.split(), _PLACE.sub("", text).split()):
        for count in range(1, len(words)):
            for wording in _meant_by(_JOINT.sub("", " ".join(words[count:]))):
                yield " ".join(words[:count]), wording


def _meant_by(text: str) -> list[Wording]:
    """What a text may mean, in the singular or the plural."""
    folded = " ".join(_FILLERS.sub("", text.strip()).casefold().replace("-", " ").split())
    forms = (folded, folded.removesuffix("s"), folded.removesuffix("es"))
    return next((found for form in forms if (found := _wordings().get(form))), [])


@lru_cache(maxsize=1)
def _wordings() -> dict[str, list[Wording]]:
    """Every wording by its words."""
    found: dict[str, list[Wording]] = {}
    with Path(__file__).with_name("wordings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["words"], []).append(Wording(**row))
    return found
