"""Typed quantities: `1.2 GW_it` or `$30 billion` become amounts that cannot be mixed by mistake."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from gigaledger.errors import BadQuantity, MixedMeasures, UnknownUnit
from gigaledger.units import (
    Units,
    canonical_measure,
    factor_of,
    fold_name,
    in_words,
    measure_of,
    pint_unit_of,
    units_of,
)
from gigaledger.wordings import meant_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Quantity", "canonical_measure", "fold_name", "parse_quantity", "unit_factor"]

LONGEST_TEXT = 200
_SCALE_EXPONENTS = {"hundred": 2, "thousand": 3, "k": 3, "million": 6, "mn": 6, "mm": 6, "m": 6}
_SCALE_EXPONENTS |= {"billion": 9, "bn": 9, "b": 9, "trillion": 12, "tn": 12, "t": 12}
_NUMBER_WORDS = {"half a": "0.5", "a": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
_NUMBER_WORDS |= {"six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10"}
_QUALIFIERS = {
    "up_to": r"up to|at most|no more than|not more than|as (?:much|many) as|less than|<=?",
    "at_least": r"at least|(?:well )?(?:more than|over)|above|no less than|>=?",
    "about": r"about|around|approximately|approx\.?|roughly|nearly|almost|circa|an? estimated|estimated|~",
}

_MONEY = r"(?:US ?\$|\$|USD(?![A-Za-z_]))"
_DIGITS = r"(?:\d{1,3}(?:[,_]\d{3})+(?![,_]?\d)|\d+|(?=\.\d))(?:\.\d+)?(?:[eE][+-]?\d+)?"
_SCALE = r"(?P<scale>(?:(?:hundred|thousand|million|billion|trillion)s?|[bmt]n|mm|[kmbt])(?!\w))"
_AMOUNT = re.compile(
    rf"(?P<money>{_MONEY})?\s*(?:(?P<digits>{_DIGITS})|(?P<word>{'|'.join(_NUMBER_WORDS)})(?=[\s-]))"
    rf"(?:(?:\s*|-){_SCALE})?",
    re.ASCII | re.IGNORECASE,
)
_QUALIFIER = re.compile(
    "|".join(rf"(?P<{name}>(?:{words})(?![A-Za-z]))" for name, words in _QUALIFIERS.items()), re.IGNORECASE
)
_RANGE_START = re.compile(r"(?:from|between)\s+", re.IGNORECASE)
_RANGE = re.compile(r"^\s*(?:-|and\b)\s*|\s*\bto\b\s*", re.IGNORECASE)
_OPERATOR = re.compile(r"\s+([+-])\s*(?=\S)")
_PLAIN = {ord(dash): "-" for dash in "\u2010\u2011\u2012\u2013\u2014\u2212"}
_PLAIN |= {ord("\u2248"): "~", ord("\u2265"): ">=", ord("\u2264"): "<="}


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in the canonical unit of its measure [unit], as a figure, a floor, a ceiling or a range.

    Attributes:
        low: floor or lower end of a range (`at_least`, `range`).
        best: the figure (`exact`, `about`).
        high: ceiling or upper end of a range (`up_to`, `range`).
        measure: what is measured, such as `it_power`.
        unit: canonical unit of the measure, such as `MW`.
        qualifier: `exact`, `about`, `up_to`, `at_least` or `range`.
        chip_id: the chip or mix that is counted, where its name stood as the unit.
        assumed: sentences on what the text left open and how it was read.
    """

    low: float | None
    best: float | None
    high: float | None
    measure: str
    unit: str
    qualifier: str = "exact"
    chip_id: str | None = None
    assumed: tuple[str, ...] = ()

    def __add__(self, other: Quantity) -> Quantity:
        """The sum of two exact quantities of one measure and chip."""
        return self._combined(other, 1)

    def __sub__(self, other: Quantity) -> Quantity:
        """The difference of two exact quantities of one measure and chip, not below zero."""
        return self._combined(other, -1)

    def __mul__(self, factor: float) -> Quantity:
        """The quantity times a number that is neither negative nor infinite."""
        if not isinstance(factor, (int, float)):
            return NotImplemented
        ends = [None if end is None else end * factor for end in (self.low, self.best, self.high)]
        if not all(end is None or (math.isfinite(end) and end >= 0) for end in ends):
            raise BadQuantity(f"cannot multiply {self} by {factor}: expected a finite amount, not below 0")
        return replace(self, low=ends[0], best=ends[1], high=ends[2])

    __rmul__ = __mul__

    def __str__(self) -> str:
        """The quantity as text, such as `up to 1,000 MW (it_power)`."""
        ends = [f"{end:,.12g}" for end in (self.low, self.best, self.high) if end is not None]
        words = {"up_to": "up to ", "at_least": "at least ", "about": "about "}.get(self.qualifier, "")
        return f"{words}{' to '.join(ends)} {self.chip_id or self.unit} ({self.measure})"

    def _repr_html_(self) -> str:
        """The quantity for a notebook; what was assumed shows on hovering."""
        import html

        return f'<span title="{html.escape("; ".join(self.assumed))}">{html.escape(str(self))}</span>'

    def _combined(self, other: Quantity, sign: int) -> Quantity:
        """Sum or difference; refused with a sentence where it would mean nothing."""
        if not isinstance(other, Quantity):
            return NotImplemented
        verb, joint = ("add", "to") if sign > 0 else ("subtract", "from")
        refused = f"cannot {verb} {in_words(other.measure)} {joint} {in_words(self.measure)}"
        if other.measure != self.measure:
            raise MixedMeasures(f"{refused}; convert one of them first with --to")
        if other.chip_id != self.chip_id:
            chips = f"{other.chip_id or 'chips without a name'} {joint} {self.chip_id or 'chips without a name'}"
            raise MixedMeasures(f"cannot {verb} {chips}; convert both first with --to compute or another measure")
        if self.best is None or other.best is None or {self.qualifier, other.qualifier} != {"exact"}:
            raise BadQuantity(
                f"cannot {verb} {other} {joint} {self}: only exact amounts are added, because the ends of "
                "intervals are percentiles, and those of a sum are not the sums; convert each by itself"
            )
        best = self.best + sign * other.best
        if best < 0 or math.isinf(best):
            raise BadQuantity(f"cannot {verb} {other} {joint} {self}: the result must be finite and not below 0")
        return replace(self, best=best, assumed=tuple(dict.fromkeys(self.assumed + other.assumed)))


def unit_factor(unit: str, measure: str, *, measures: Mapping[str, str]) -> float:
    """Canonical units of a measure per one unit [canonical unit per unit], for columns of a dataset.

    Args:
        unit: such as `GW`, `billion USD` or `kH100e`.
        measure: measure of the column.
        measures: unit of each measure.

    Returns:
        A factor above 0.

    Raises:
        UnknownMeasure: the measure is not in `measures`.
        UnknownUnit: the unit is unknown, or is not one of this measure.

    Example:
        >>> unit_factor("GW", "it_power", measures={"it_power": "MW"})
        1000.0
    """
    canonical = measures[canonical_measure(measure, measures)]
    if unit == canonical:
        return 1.0
    expected = f"expected {canonical}, alone or with a prefix such as k or M, for {measure}"
    if len(unit) > LONGEST_TEXT:
        raise UnknownUnit(f"a unit of {len(unit)} characters; {expected}")
    units = units_of(frozenset(measures.items()))
    money = re.match(_MONEY, text := unit.strip(), re.IGNORECASE)
    one = _amount(f"{money[0]}1 {text[money.end() :]}" if money else f"1 {text}", unit)
    try:
        pint_unit, _ = pint_unit_of(one.unit, units, {})
    except UnknownUnit as error:
        raise UnknownUnit(f"{error}; {expected}") from None
    factor = factor_of(pint_unit, measure, units)
    if factor is None:
        raise UnknownUnit(f"{unit!r} is not a unit of {in_words(measure)}; {expected}")
    return _scaled("1", one.exponent or 0, factor)


def parse_quantity(
    text: str, *, chips: Mapping[str, str], measures: Mapping[str, str], measure: str | None = None
) -> Quantity:
    """A text as a typed quantity in the canonical unit of its measure [unit of the measure].

    Args:
        text: such as `1.2 GW_it`, `up to 1e6 TPU v7`, `$30-35 billion` or `1 GW_it + 200 MW_it`.
        chips: id of each chip or mix by its folded names and aliases (`fold_name`).
        measures: unit of each measure.
        measure: what a bare dollar or watt measures; it must fit the unit.

    Returns:
        The quantity; `assumed` says what the text left open.

    Raises:
        BadQuantity: no number, no unit, a negative or infinite amount, low above high.
        UnknownUnit: neither a unit nor a chip.
        UnknownMeasure: `measure` is not in `measures`.
        MixedMeasures: terms of different measures, or a unit that does not fit `measure`.

    Example:
        >>> print(parse_quantity("up to 1.2 GW_it", chips={}, measures={"it_power": "MW"}))
        up to 1,200 MW (it_power)
    """
    if len(text) > LONGEST_TEXT:
        raise BadQuantity(f"a quantity of {len(text)} characters; expected at most {LONGEST_TEXT}")
    if measure is not None:
        canonical_measure(measure, measures)
    units = units_of(frozenset(measures.items()))
    first, *others = _terms(text)
    total = _term(first, units, chips, measure)
    for operator, term in zip(others[::2], others[1::2], strict=True):
        quantity = _term(term, units, chips, measure)
        total = total + quantity if operator == "+" else total - quantity
    return total


def _terms(text: str) -> list[str]:
    """The terms of a sum with the operators between them; a dash between bare numbers is a range."""
    plain = re.sub(r"(?<!\d[eE])\+|\+(?!\d)", " + ", text.translate(_PLAIN)).strip()
    first, *others = _OPERATOR.split(plain)
    terms = [first]
    for operator, piece in zip(others[::2], others[1::2], strict=True):
        if operator == "-" and (_is_bare_number(terms[-1]) or _is_bare_number(piece)):
            terms[-1] += f"-{piece}"
        else:
            terms += [operator, piece]
    return terms


def _is_bare_number(term: str) -> bool:
    """Whether a term has neither a unit nor a currency."""
    amount = _AMOUNT.fullmatch(_RANGE_START.sub("", _qualified(term)[1]))
    return amount is not None and amount["money"] is None


def _term(text: str, units: Units, chips: Mapping[str, str], measure: str | None) -> Quantity:
    """One term of a sum: a figure or a range, with its qualifier."""
    qualifier, rest = _qualified(text)
    first = _amount(_RANGE_START.sub("", rest), text)
    dash = _RANGE.search(first.rest)
    if dash is None or _AMOUNT.match(first.rest, dash.end()) is None:
        figure = _exact(first, first.unit, units, chips, measure)
        ends = {"up_to": (None, None, figure.best), "at_least": (figure.best, None, None)}
        low, best, high = ends.get(qualifier, (None, figure.best, None))
        return replace(figure, low=low, best=best, high=high, qualifier=qualifier)
    if qualifier in {"up_to", "at_least"}:
        raise BadQuantity(f"{text!r} is a range and a limit at once; leave the range or the words before it out")
    second = _amount(first.rest[dash.end() :], text)
    if first.is_money:
        second = second._replace(is_money=True)
    left = first._replace(rest=first.rest[: dash.start()])
    if not left.rest.strip():  # `30-35 billion`: the scale and the unit of the end hold for both
        left = left._replace(exponent=second.exponent if left.exponent is None else left.exponent)
        left = left._replace(rest=second.rest, is_money=second.is_money)
    return _between(
        _exact(left, left.unit, units, chips, measure),
        _exact(second, second.unit, units, chips, measure),
        text,
    )


def _between(low: Quantity, high: Quantity, text: str) -> Quantity:
    """The range between two exact quantities, checked."""
    if low.measure != high.measure or low.chip_id != high.chip_id:
        ends = f"{low.chip_id or in_words(low.measure)} to {high.chip_id or in_words(high.measure)}"
        raise MixedMeasures(f"{text!r} runs from {ends}; expected one measure and one chip")
    if low.best == high.best:
        return low
    if not low.best or not high.best:
        raise BadQuantity(f"{text!r} starts at 0; expected `up to` and the upper end")
    if low.best > high.best:
        raise BadQuantity(f"{text!r} runs from high to low; expected the lower end first")
    return replace(low, low=low.best, best=None, high=high.best, qualifier="range")


class _Amount(NamedTuple):
    """A number as written, its scale (`billion`: 9; none: None), and the text behind it."""

    digits: str
    exponent: int | None
    is_money: bool
    rest: str

    @property
    def unit(self) -> str:
        """The text of the unit; a dollar sign in front of the number is a unit too."""
        rest = re.sub(r"(?:US ?)?\$", "USD", self.rest).strip()
        if self.is_money:
            rest = f"USD {re.sub(r'^USD(?![A-Za-z_])', '', rest).strip()}"
        return re.sub(r"\s*/\s*", "/", rest).strip().removeprefix("-")


def _qualified(text: str) -> tuple[str, str]:
    """The qualifier in front of a term and what follows it; a limit outweighs `about`."""
    qualifier = "exact"
    while found := _QUALIFIER.match(text := text.strip()):
        qualifier = found.lastgroup if qualifier in {"exact", "about"} and found.lastgroup else qualifier
        text = text[found.end() :]
    return qualifier, text


def _amount(text: str, whole: str) -> _Amount:
    """The number that a text begins with; refused with the reason where there is none."""
    found = _AMOUNT.match(text)
    if found is None:
        raise BadQuantity(_no_number(text, whole))
    is_money = found["money"] is not None
    exponent = _exponent(found["scale"], is_money=is_money) if found["scale"] else None
    end = found.start("scale") if found["scale"] and exponent is None else found.end()
    if text[end : end + 1] in {",", "_"}:
        raise BadQuantity(f"{whole!r}: commas separate thousands, as in 1,000,000; the decimal mark is a dot")
    digits = re.sub("[,_]", "", found["digits"]) if found["digits"] else _NUMBER_WORDS[found["word"].casefold()]
    return _Amount(digits, exponent, is_money, text[end:])


def _no_number(text: str, whole: str) -> str:
    """Why a text does not begin with a number that can be an amount."""
    if not whole.strip():
        return "an empty quantity; expected a number with a unit, such as 1.2 GW_it or $30 billion"
    if re.match(rf"{_MONEY}?\s*-", text, re.IGNORECASE):
        return f"{whole!r} is negative; expected an amount not below 0"
    if re.match(rf"{_MONEY}?\s*\+?(?:nan|inf|infinity)\b", text, re.IGNORECASE):
        return f"{whole!r} is not finite; expected a number with a unit"
    return f"{whole!r} does not begin with a number; expected one with a unit, such as 1.2 GW_it or $30 billion"


def _exponent(scale: str, *, is_money: bool) -> int | None:
    """The power of ten of a scale word; None for `m`, `mm` and `t` where they need not mean dollars."""
    if scale in {"m", "mm", "t"} and not is_money:
        return None
    return _SCALE_EXPONENTS[scale.casefold().removesuffix("s")]


def _scaled(digits: str, exponent: int, factor: float) -> float:
    """A number as written times a power of ten and a factor, rounded once."""
    amount = float(digits)
    if amount and math.isfinite(amount):
        amount = float(Decimal(digits).scaleb(exponent) * Decimal(repr(factor)))
    is_zero = re.fullmatch(r"[0.]*(?:[eE].*)?", digits) is not None
    if math.isinf(amount) or (amount == 0) != is_zero:
        raise BadQuantity(f"{digits} is too {'large' if amount else 'small'} an amount; expected 0, or 1e-300 to 1e300")
    return amount


def _exact(amount: _Amount, unit: str, units: Units, chips: Mapping[str, str], measure: str | None) -> Quantity:
    """A number with its unit as an exact quantity in the canonical unit."""
    if not unit:
        raise BadQuantity(f"{amount.digits!r} has no unit; expected one such as GW_it, USD, H100e or a chip")
    meant = meant_unit(unit, units, chips)
    if meant.measure and measure not in (None, meant.measure):
        told = in_words(meant.measure)
        raise MixedMeasures(f"{unit!r} speaks of {told}, but --measure says {measure}; leave one of them out")
    found, assumed = measure_of(meant.pint_unit, meant.text, units, meant.measure or measure)
    factor = factor_of(meant.pint_unit, found, units)
    if factor is None:  # not reached: a measure is found by its unit
        raise UnknownUnit(f"{unit!r} is not a unit of {found}")
    best = _scaled(amount.digits, amount.exponent or 0, factor)
    assumed = (*meant.assumed, *assumed)
    return Quantity(None, best, None, found, units.measures[found], chip_id=meant.chip_id, assumed=assumed)
