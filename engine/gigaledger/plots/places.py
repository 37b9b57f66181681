"""Maps of sites sized by what they hold."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    from gigaledger.plots.parts import Look

# What each map shows: the object of the outlines, its projection, and which sites.
REGIONS = {
    "states": ("albersUsa", "datum.country == 'US'"),
    "land": ("equalEarth", "datum.country != 'US'"),
}


@lru_cache(maxsize=1)
def outlines() -> dict[str, Any]:
    """The outlines of the United States by state (`states`) and of all `land` as TopoJSON, and their `source`."""
    document: dict[str, Any] = json.loads(Path(__file__).with_name("outlines.json").read_text(encoding="utf-8"))
    return document


def map_chart(data: Any, look: Look, region: str, outline: Any = None) -> alt.LayerChart:
    """The sites of a region: the pale circle is everything known there, the solid one within it is operational.

    Args:
        data: the rows of `site_rows`, or their name.
        look: colours and width.
        region: `states` or `land`.
        outline: the name of the outlines where the page holds them; none: they go into the chart.
    """
    projection, wanted = REGIONS[region]
    palette = look.palette
    topology = outline or alt.Data(
        values=outlines()[region], format=alt.TopoDataFormat(type="topojson", feature=region)
    )
    land = alt.Chart(topology).mark_geoshape(fill=palette.land, stroke=palette.paper, strokeWidth=0.8)
    largest = 700 if look.is_narrow else 1600
    sizes = alt.Scale(type="linear", zero=True, range=[0, largest])
    size = alt.Size(
        "total:Q",
        scale=alt.Scale(type="linear", zero=True, range=[0, largest]),
        legend=alt.Legend(
            orient="bottom",
            direction="horizontal",
            title=None,
            tickCount=3,
            format=",~r",
            symbolOpacity=0.4,
        ),
    )
    tooltip = [
        alt.Tooltip("site:N", title="Site"),
        alt.Tooltip("place:N", title="Place"),
        alt.Tooltip("operational_label:N", title="Operational"),
        alt.Tooltip("under_construction_label:N", title="Under construction"),
        alt.Tooltip("planned_label:N", title="Planned"),
        alt.Tooltip("unit:N", title="Unit"),
    ]
    base = (
        alt.Chart(data)
        .transform_filter(f"isValid(datum.latitude) && isValid(datum.longitude) && {wanted}")
        .encode(longitude="longitude:Q", latitude="latitude:Q", tooltip=tooltip)
    )
    return alt.layer(
        land,
        base.mark_circle(
            fill=palette.construction, fillOpacity=0.3, stroke=palette.construction, strokeOpacity=1, strokeWidth=1.2
        ).encode(size=size),
        base.transform_filter("datum.operational > 0")
        .mark_circle(fill=palette.operational, fillOpacity=0.95)
        .encode(size=alt.Size("operational:Q", scale=sizes, legend=None)),
    ).properties(width=look.width, height=_height(region, look), projection=alt.Projection(type=projection))


def _height(region: str, look: Look) -> int:
    """The height of a map [pixel]."""
    if region == "states":
        return 220 if look.is_narrow else 520
    return 170 if look.is_narrow else 330
