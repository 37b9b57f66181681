"""Charts of capacity: the accounts of one programme, all programmes, and the ramp by quarter."""

from __future__ import annotations

from typing import Any

import altair as alt

from gigaledger.plots.parts import ACCOUNT_WORDS, Look, amount_axis, colour_key, of_series, row_labels

_TOOLTIP = [
    alt.Tooltip("programme:N", title="Programme"),
    alt.Tooltip("account:N", title="Account"),
    alt.Tooltip("label:N", title="Median (5 % to 95 %)"),
    alt.Tooltip("unit:N", title="Unit"),
]
_STAGES = ("operational", "under construction", "planned")


def accounts_chart(data: Any, look: Look) -> alt.LayerChart:
    """The five accounts of one programme as intervals, from what is pledged down to what has no site yet."""
    names = _colour_keys(look)
    y = alt.Y(
        "account:N",
        sort=list(ACCOUNT_WORDS.values()),
        axis=alt.Axis(title=None, labelColor=look.palette.ink, labelFontSize=13, labelLimit=0),
    )
    base = alt.Chart(data).encode(
        y=y, color=alt.Color("account:N", scale=alt.Scale(domain=list(names), range=list(names.values())), legend=None)
    )
    zero = alt.Chart(alt.Data(values=[{}])).mark_rule(color=look.palette.muted, strokeWidth=1).encode(x=alt.datum(0))
    return alt.layer(
        zero,
        base.mark_bar(height=10, opacity=0.35, cornerRadius=2).encode(
            x=amount_axis("low"), x2="high:Q", tooltip=_TOOLTIP
        ),
        base.mark_tick(thickness=3, size=18).encode(x="middle:Q", tooltip=_TOOLTIP),
    ).properties(width=look.width, height=alt.Step(32))


def programmes_chart(data: Any, look: Look) -> alt.LayerChart:
    """What each programme has pledged (band and line) and how much of it runs, is built and is planned (points)."""
    colours = _colour_keys(look)
    del colours["unidentified"]
    colour = alt.Color("account:N", **colour_key(look, colours))
    y = alt.Y("rank:O", axis=None)
    base = alt.Chart(data).encode(y=y)
    layers: list[alt.Chart] = [
        base.transform_filter("datum.account == 'pledged'")
        .mark_bar(height=18, opacity=0.3, cornerRadius=2)
        .encode(x=amount_axis("low"), x2="high:Q", color=colour, tooltip=_TOOLTIP),
        base.transform_filter("datum.account == 'pledged'")
        .mark_tick(thickness=2, size=18)
        .encode(x="middle:Q", color=colour, tooltip=_TOOLTIP),
    ]
    for place, stage in enumerate(_STAGES):
        rows = base.transform_filter(f"datum.account == '{stage}' && datum.high > 0")
        offset = 6 * (place - 1)
        layers += [
            rows.mark_rule(strokeWidth=2, yOffset=offset).encode(
                x="low:Q", x2="high:Q", color=colour, tooltip=_TOOLTIP
            ),
            rows.mark_point(size=30, strokeWidth=1.5, filled=stage != "planned", yOffset=offset, opacity=1).encode(
                x="middle:Q", color=colour, tooltip=_TOOLTIP
            ),
        ]
    labels = row_labels(base.transform_filter("datum.account == 'pledged'"), "programme_lines", look)
    return alt.layer(*layers, labels).properties(width=look.width, height=alt.Step(62 if look.is_narrow else 34))


def timeline_chart(data: Any, look: Look) -> alt.LayerChart:
    """The ramp of one programme: operational up to the date of the ledger, expected after it, and the pledge."""
    palette = look.palette
    colours = {
        "pledged": palette.pledged,
        "operational": palette.operational,
        "expected (forecast)": palette.construction,
    }
    key = colour_key(look, colours)
    x = alt.X(
        "quarter_end:T",
        axis=alt.Axis(title=None, format="%Y", tickCount=4 if look.is_narrow else 8, grid=False, labelFlush=True),
    )
    base = alt.Chart(data).encode(x=x)
    tooltip = [
        alt.Tooltip("quarter:N", title="Quarter"),
        alt.Tooltip("pledged_label:N", title="Pledged"),
        alt.Tooltip("operational_label:N", title="Operational"),
        alt.Tooltip("operational_or_planned_label:N", title="Operational or planned"),
        alt.Tooltip("unit:N", title="Unit"),
    ]
    layers: list[alt.Chart] = []
    for series, (name, shade), shown, dash in (
        ("pledged", ("pledged", 0.16), "true", [2, 2]),
        ("operational_or_planned", ("expected (forecast)", 0.25), "datum.is_expected", [6, 3]),
        ("operational", ("operational", 0.35), "datum.is_actual", [1, 0]),
    ):
        rows = of_series(base.transform_filter(shown), name)
        y = alt.Y(f"{series}_low:Q", axis=alt.Axis(title=None, tickCount=5, format=",~r"))
        steps: Any = "step-after"
        layers += [
            rows.mark_area(opacity=shade, interpolate=steps).encode(
                y=y, y2=f"{series}_high:Q", color=alt.Color("series:N", **key)
            ),
            rows.mark_line(strokeWidth=2, strokeDash=dash, interpolate=steps).encode(
                y=f"{series}_middle:Q", color=alt.Color("series:N", **key)
            ),
        ]
    today = (
        base.transform_filter("datum.is_actual && datum.is_expected")
        .mark_rule(color=palette.muted, strokeWidth=1)
        .encode(x="as_of:T")
    )
    hover = base.mark_bar(opacity=0.001, width=14, color=palette.ink).encode(
        y=alt.value(0), y2=alt.value("height"), tooltip=tooltip
    )
    return alt.layer(*layers, today, hover).properties(width=look.width, height=300)


def _colour_keys(look: Look) -> dict[str, str]:
    """The colour of each account."""
    palette = look.palette
    return {
        "pledged": palette.pledged,
        "operational": palette.operational,
        "under construction": palette.construction,
        "planned": palette.planned,
        "unidentified": palette.muted,
    }
