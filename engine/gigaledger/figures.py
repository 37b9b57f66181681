"""Numbers as every edge shows them: three significant digits, thousands separators, intervals in brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SMALLEST_SHOWN = 5e-4
_SCALES = {
    "customer": (1, "customers"),
    "MW": (1, "MW"),
    "USD": (1e9, "B USD"),
    "USD/year": (1e9, "B USD/year"),
    "chip": (1e3, "k chips"),
    "H100e": (1e3, "k H100e"),
    "H100e_bf16": (1e3, "k H100e_bf16"),
    "MWh/year": (1e3, "GWh/year"),
}
# One chip is worth less than this: kilowatts, thousands of dollars.
LARGEST_PER_CHIP = {
    "MW": 0.1,
    "USD": 2e7,
    "USD/year": 2e7,
    "H100e": 100,
    "H100e_bf16": 100,
    "chip": 100,
    "MWh/year": 1000,
}
_SMALL_SCALES = {
    "MW": (1e-3, "kW"),
    "USD": (1e3, "k USD"),
    "USD/year": (1e3, "k USD/year"),
    "H100e": (1, "H100e"),
    "H100e_bf16": (1, "H100e_bf16"),
    "chip": (1, "chips"),
    "MWh/year": (1, "MWh/year"),
}


def figure(amount: float | None) -> str:
    """A number with three significant digits and thousands separators."""
    if amount is None:
        return "?"
    if abs(amount) < SMALLEST_SHOWN:
        return "0"
    digits = max(0, 2 - _exponent(amount))
    rounded = round(amount, 2 - _exponent(amount))
    return f"{rounded:,.{min(digits, 3)}f}".replace("-", "−")


def _exponent(amount: float) -> int:
    """The power of ten of the first significant digit."""
    return int(f"{abs(amount):e}".split("e")[1])


def interval_figure(value: Mapping[str, Any] | None, divisor: float) -> str:
    """`p50 (p05–p95)` of an interval over a divisor, or `?` where it is unknown."""
    if value is None or value["p50"] is None:
        return "?"
    low, middle, high = (value[name] / divisor for name in ("p05", "p50", "p95"))
    if max(abs(low), abs(high)) < SMALLEST_SHOWN:
        return "0"
    return figure(middle) if low == high else f"{figure(middle)} ({figure(low)}–{figure(high)})"


def scaled(unit: str, amount: float | None = None) -> tuple[float, str]:
    """The divisor and the label by which amounts of a unit are shown; what one chip is worth in small units."""
    if amount is not None and 0 < abs(amount) < LARGEST_PER_CHIP.get(unit, 0):
        return _SMALL_SCALES[unit]
    return _SCALES.get(unit, (1, unit))
