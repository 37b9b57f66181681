"""Units of measures: which unit, chip or hour a word means, in a Pint registry of our own (`units.txt`)."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigaledger.errors import BadQuantity, MixedMeasures, UnknownMeasure, UnknownUnit, did_you_mean
from gigaledger.paths import datasets_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pint
    from pint.util import UnitsContainer

_PREFIXES = {"k": "kilo", "K": "kilo", "M": "mega", "G": "giga", "g": "giga", "T": "tera", "t": "tera"}
_PREFIXES |= {name: name for name in ("kilo", "mega", "giga", "tera")}
_PER = re.compile(r"\s*/\s*|\s+(?:per|an?|each)\s+", re.IGNORECASE)
_UNIT_WORD = re.compile(r"[^\W\d_][\w .()-]*")
_PREFIX = re.compile(r"(kilo|mega|giga|tera|[kKMGT]|[gt](?=[wW])|m)\s*(\w.*)")
_COUNTED = re.compile(r"[\s_-]+(?:chips?|[gt]pus?|accelerators?|superchips?)$", re.IGNORECASE)
_HOURS = re.compile(r"[\s_-]*hours?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Units:
    """The registry of one vocabulary, and how names and dimensions lead into it."""

    registry: pint.UnitRegistry[Any]
    names: dict[str, str]  # folded name -> Pint name
    measures: dict[str, str]  # measure -> unit as declared
    typed: dict[str, str]  # measure -> Pint unit of its own dimension
    bare: dict[str, str]  # measure -> Pint unit as declared, shared by all measures of that unit

    def dimension(self, unit: str) -> UnitsContainer:
        """The dimension of a Pint unit."""
        return self.registry.get_dimensionality(unit)


def fold_name(name: str) -> str:
    """A name without case, spaces, hyphens, underscores and dots, for lookups.

    Example:
        >>> fold_name("TPU v7"), fold_name("tpu-v7")
        ('tpuv7', 'tpuv7')
    """
    return re.sub(r"[\s\-_.]+", "", name.casefold())


def canonical_measure(name: str, measures: Mapping[str, str]) -> str:
    """The measure of exactly that name.

    Args:
        name: a measure, such as `it_power`.
        measures: unit of each measure.

    Returns:
        The name, unchanged.

    Raises:
        UnknownMeasure: there is none; with the nearest name and the list of all.
    """
    if name in measures:
        return name
    raise UnknownMeasure(
        f"{name!r} is no measure; expected one of {', '.join(sorted(measures))}{did_you_mean(name, measures)}"
    )


def measure_of(pint_unit: str, text: str, units: Units, measure: str | None) -> tuple[str, tuple[str, ...]]:
    """The measure that a unit belongs to, and what had to be assumed to say so."""
    dimension = units.dimension(pint_unit)
    own = [name for name, unit in units.typed.items() if units.dimension(unit) == dimension]
    alike = sorted(name for name, unit in units.bare.items() if units.dimension(unit) == dimension)
    likely = own or [name for name in alike if name.startswith("unstated_")]
    if measure is not None and factor_of(pint_unit, measure, units) is None and (likely or alike):
        found = " or ".join(in_words(name) for name in likely or alike)
        raise MixedMeasures(
            f"{text!r} counts {found}, not {in_words(measure)}; leave --measure out and convert with --to {measure}"
        )
    if not likely and not alike:
        known = ", ".join(sorted(set(units.measures.values())))
        raise UnknownUnit(f"{text!r} is a unit of no measure; expected {known}, or a prefix before one of them")
    if measure is not None:
        return measure, ()
    if not likely:
        raise BadQuantity(f"{text!r} may be {' or '.join(alike)}; say which with --measure")
    if len(alike) == 1 or not alike:
        return likely[0], ()
    others = ", ".join(name for name in alike if name != likely[0])
    reading = f"{text} does not say what it measures: read as {in_words(likely[0])}"
    return likely[0], (f"{reading}; to say which, pass --measure with one of {others}",)


def factor_of(pint_unit: str, measure: str, units: Units) -> float | None:
    """Canonical units of a measure per Pint unit; None where the unit is not one of the measure."""
    for target in (units.typed[measure], units.bare[measure]):
        if units.dimension(pint_unit) == units.dimension(target):
            return float(units.registry.convert(1.0, pint_unit, target))
    return None


def pint_unit_of(text: str, units: Units, chips: Mapping[str, str]) -> tuple[str, str | None]:
    """The Pint unit that a text means, and the chip where a chip's name is the unit."""
    above, *below = _PER.split(text.strip())
    named = _named(above, units, chips)
    per = [_named(word, units, {}) for word in below]
    if named is None or None in per or len(below) > 1:
        known = {*chips, *chips.values(), *units.measures.values(), *_spellings(units)}
        hint = did_you_mean(text, known)
        raise UnknownUnit(f"{text!r} is neither a unit nor a chip; expected one such as GW_it, USD, H100e{hint}")
    return "/".join([named[0], *(found[0] for found in per if found)]), named[1]


def _named(word: str, units: Units, chips: Mapping[str, str]) -> tuple[str, str | None] | None:
    """The Pint unit and chip of one word, with or without a prefix; None where it is neither."""
    if not _UNIT_WORD.fullmatch(word):
        return None
    prefixed = _PREFIX.fullmatch(word)
    whole = _without_prefix(word, units, chips)
    if whole or not prefixed:
        return whole
    # Only k stands before a chip: G and M begin names, and GB200 must not become a thousand million B200.
    prefix, rest = prefixed.groups()
    found = _without_prefix(rest, units, chips if prefix == "k" else {})
    if found and prefix == "m":
        meant = "M" + re.sub("^w", "W", rest)
        raise UnknownUnit(f"{word!r} is a thousandth by its small m; did you mean {meant!r}?")
    return (_PREFIXES[prefix] + found[0], found[1]) if found else None


def _without_prefix(word: str, units: Units, chips: Mapping[str, str]) -> tuple[str, str | None] | None:
    """The Pint unit and chip of a word as it stands: a unit, a chip, or a chip's hours."""
    for key in (folded := fold_name(word), folded.removesuffix("s")):
        if key in units.names:
            return units.names[key], None
        if key in chips:
            return "chip", chips[key]
    for ending, unit in ((_COUNTED, "chip"), (_HOURS, "chip_hour")):
        name = fold_name(ending.sub("", word))
        if name != folded and name in chips:
            return unit, chips[name]
    return None


@lru_cache(maxsize=8)
def units_of(measures: frozenset[tuple[str, str]]) -> Units:
    """The registry of `units.txt` and of the measures in dollars; made once for each vocabulary."""
    import pint

    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(None)
    registry.load_definitions(Path(__file__).with_name("units.txt"))
    for measure, unit in measures:
        if unit.startswith("USD"):
            registry.define(f"USD_{measure} = [{measure}]")
    names = {fold_name(name): name for name in registry}
    units = Units(registry, names, dict(measures), {}, {})
    for measure, unit in sorted(measures):
        units.bare[measure] = pint_unit_of(unit, units, {})[0]
        units.typed[measure] = _typed_unit(measure, unit, units) or units.bare[measure]
    return units


def _typed_unit(measure: str, unit: str, units: Units) -> str | None:
    """The Pint unit that only this measure has, such as `megaW_it` for `it_power`; None: it has none."""
    above, slash, below = unit.partition("/")
    for name in (measure, measure.removesuffix("_power")):
        if found := _named(f"{above}_{name}", units, {}):
            return f"{found[0]}{slash}{below}"
    return None


def _spellings(units: Units) -> list[str]:
    """Units as one might write them, for hints."""
    prefixes = {"W": ("", "k", "M", "G", "T"), "H": ("", "k")}
    return [prefix + name for name in units.names.values() for prefix in prefixes.get(name[0], ("",))]


def in_words(measure: str) -> str:
    """A measure with its meaning in brackets, where the vocabulary gives one."""
    meaning = _meanings().get(measure)
    return f"{measure} ({meaning})" if meaning else measure


@lru_cache(maxsize=1)
def _meanings() -> dict[str, str]:
    """The meaning of each measure of the bundled vocabulary."""
    with (datasets_folder() / "vocabulary/measure.csv").open(encoding="utf-8", newline="") as file:
        return {row["measure"]: row["meaning"] for row in csv.DictReader(file)}
