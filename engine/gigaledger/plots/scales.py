"""The four languages of capacity: in which unit a reader sees each measure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """How amounts of a measure are shown.

    Attributes:
        label: the measure in a word or two.
        unit: the unit of the numbers shown.
        divisor: canonical units in one unit shown.
    """

    label: str
    unit: str
    divisor: float


SCALES = {
    "it_power": Scale("Gigawatts", "GW of IT power", 1e3),
    "compute": Scale("H100e", "million H100e", 1e6),
    "chips": Scale("Chips", "million chips", 1e6),
    "total_capex": Scale("Dollars", "billion dollars", 1e9),
}
BILLION = 1e9
OTHERS = {"MW": ("MW", 1.0), "USD": ("billion dollars", 1e9), "USD/year": ("billion dollars a year", 1e9)}
OTHERS |= {"chip": ("thousand chips", 1e3), "H100e": ("thousand H100e", 1e3)}
OTHERS |= {"H100e_bf16": ("thousand H100e (16-bit)", 1e3), "MWh/year": ("GWh a year", 1e3)}


def scale_of(measure: str, unit: str) -> Scale:
    """How amounts of a measure are shown, also of a measure outside the four."""
    if measure in SCALES:
        return SCALES[measure]
    name, divisor = OTHERS.get(unit, (unit, 1.0))
    return Scale(measure.replace("_", " "), f"{name} of {measure.replace('_', ' ')}", divisor)
