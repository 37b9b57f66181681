"""Pieces of charts: rows with a label beside or above them, the axis of an amount, the colours of accounts."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

import altair as alt

from gigaledger.plots.style import LIGHT, Palette

ACCOUNT_WORDS = {
    "pledged": "pledged",
    "operational": "operational",
    "under_construction": "under construction",
    "planned": "planned",
    "unidentified": "unidentified",
}
LABEL_LETTERS = 44
LABEL_LINES = 2
LINE_HEIGHT = 14


@dataclass(frozen=True, slots=True)
class Look:
    """How a chart is drawn: its colours, its width [pixel, or `container`], and whether the page is narrow."""

    palette: Palette = LIGHT
    width: int | str = 720
    is_narrow: bool = False


def label_lines(text: str) -> str:
    """A label as at most two lines, joined by a line break; what is left out is in the table beside the chart."""
    flat = " ".join(text.split())
    return "\n".join(textwrap.wrap(flat, LABEL_LETTERS, max_lines=LABEL_LINES, placeholder=" …"))


def row_labels(base: alt.Chart, field: str, look: Look, *, is_above: bool | None = None) -> alt.LayerChart:
    """The labels of rows: left of the rows, or above them (none: where the page is narrow)."""
    above = look.is_narrow if is_above is None else is_above
    mark = {"lineBreak": "\n", "lineHeight": LINE_HEIGHT, "fontSize": 12, "fill": look.palette.ink, "limit": 0}
    layers = []
    for lines in range(1, LABEL_LINES + 1):  # Vega puts further lines below the first: lift those that have them
        rows = base.transform_filter(f"length(split(datum.{field}, '\\n')) == {lines}")
        further = LINE_HEIGHT * (lines - 1)
        if above:
            text = rows.mark_text(align="left", baseline="bottom", yOffset=-12 - further, **mark)
        else:
            text = rows.mark_text(align="right", baseline="middle", yOffset=-further / 2, **mark)
        layers.append(text.encode(x=alt.value(0 if above else -12), text=f"{field}:N"))
    return alt.layer(*layers)


def amount_axis(field: str, title: str | None = None, **more: Any) -> alt.X:
    """The horizontal axis of an amount, from zero."""
    axis = alt.Axis(title=title, orient="top", tickCount=5, format=",~r", domain=False)
    return alt.X(f"{field}:Q", axis=axis, **more)


def colour_key(look: Look, names: dict[str, str]) -> dict[str, Any]:
    """The scale from names to colours and its legend above the chart, as the arguments of a colour."""
    columns = 2 if look.is_narrow else len(names)
    return {
        "scale": alt.Scale(domain=list(names), range=list(names.values())),
        "legend": alt.Legend(
            orient="top", title=None, columns=columns, symbolSize=90, symbolOpacity=1, labelLimit=0, columnPadding=16
        ),
    }


def of_series(rows: alt.Chart, name: str) -> alt.Chart:
    """The rows under the name of a series, for the legend."""
    return rows.transform_calculate(series=f"'{name}'")
