"""What all charts share: colours that colour-blind readers tell apart, type, and a frame without clutter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

SANS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Palette:
    """One colour for each meaning; blue and orange stay apart for every common kind of colour blindness."""

    paper: str = "#fffdf8"
    ink: str = "#1f1d1a"
    muted: str = "#5d6066"
    rule: str = "#d9d4c7"
    land: str = "#efeadd"
    pledged: str = "#66707d"
    operational: str = "#14568f"
    construction: str = "#b3560a"
    planned: str = "#8a5a9e"
    against: str = "#b3560a"


LIGHT = Palette()
DARK = Palette(
    paper="#14171b",
    ink="#ece8df",
    muted="#a5abb3",
    rule="#3a4049",
    land="#262b32",
    pledged="#97a3b3",
    operational="#6fb3ec",
    construction="#f0a253",
    planned="#c79ad6",
    against="#f0a253",
)
# The page sets these variables to one of the two above, and to LIGHT on paper.
PAGE = Palette(**{name: f"var(--{name})" for name in Palette.__slots__})


def styled(chart: alt.TopLevelMixin, palette: Palette) -> Any:
    """The chart with the shared look; no chart has a frame."""
    text = {"font": SANS, "fontSize": 12, "fill": palette.ink}
    return chart.configure(
        background=palette.paper,
        font=SANS,
        view={"stroke": None},
        axis={
            "domain": False,
            "ticks": False,
            "gridColor": palette.rule,
            "labelColor": palette.muted,
            "labelFont": SANS,
            "labelFontSize": 12,
            "labelPadding": 6,
            "titleColor": palette.muted,
            "titleFont": SANS,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
        },
        legend={"labelColor": palette.ink, "labelFontSize": 12, "titleColor": palette.muted, "titleFontSize": 12},
        title={"color": palette.ink, "subtitleColor": palette.muted, "fontSize": 14, "anchor": "start"},
        text=text,
    )
