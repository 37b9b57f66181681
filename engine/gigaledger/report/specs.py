"""The charts of the page as Vega without data: the page puts the rows of the chosen measure into each by name."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from gigaledger.plots.parts import Look
from gigaledger.plots.style import PAGE, styled


@lru_cache(maxsize=1)
def chart_specs() -> dict[str, dict[str, Any]]:
    """The specification of each chart for a wide and a narrow page, by the name of the chart."""
    wide, narrow = (_specs(Look(PAGE, "container", is_narrow)) for is_narrow in (False, True))
    return {name: {"wide": wide[name], "narrow": narrow[name]} for name in wide}


def _specs(look: Look) -> dict[str, Any]:
    """The specifications for one width."""
    import altair as alt

    from gigaledger.plots.capacity import accounts_chart, programmes_chart, timeline_chart
    from gigaledger.plots.checks import circular_chart, overlap_chart, tension_chart
    from gigaledger.plots.places import map_chart

    def named(name: str, **more: Any) -> Any:
        return alt.NamedData(name=name, **more)

    def outline(region: str) -> Any:
        return named(f"outline_{region}", format=alt.TopoDataFormat(type="topojson", feature=region))

    charts = {
        "headline": accounts_chart(named("rows"), look),
        "programmes": programmes_chart(named("rows"), look),
        "timeline": timeline_chart(named("rows"), look),
        "states": map_chart(named("rows"), look, "states", outline("states")),
        "land": map_chart(named("rows"), look, "land", outline("land")),
        "overlap": overlap_chart(named("rows"), look),
        "circular": circular_chart(named("rows"), look),
        "tension": tension_chart(named("rows"), look),
    }
    return {name: _spec(chart, look) for name, chart in charts.items()}


def _spec(chart: Any, look: Look) -> dict[str, Any]:
    """The specification of one chart, compiled, so that the page has less to do."""
    import vl_convert

    spec: dict[str, Any] = styled(chart, look.palette).to_dict()
    spec["autosize"] = {"type": "fit-x", "contains": "padding", "resize": True}
    spec["config"]["aria"] = False  # the figure has a name and a table
    spec["config"]["background"] = "transparent"
    return vl_convert.vegalite_to_vega(spec)
