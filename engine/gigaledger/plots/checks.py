"""Charts of what is counted twice, of money that goes round, and of statements held against each other."""

from __future__ import annotations

from typing import Any

import altair as alt

from gigaledger.plots.parts import Look, amount_axis, colour_key, of_series, row_labels


def overlap_chart(data: Any, look: Look) -> alt.LayerChart:
    """Announcements by beneficiary: what is counted once, and what lies inside another announcement."""
    colours = {"counted once": look.palette.operational, "announced again": look.palette.pledged}
    key = colour_key(look, colours)
    base = alt.Chart(data).encode(y=alt.Y("rank:O", axis=None))
    tooltip = [
        alt.Tooltip("scope:N", title="For"),
        alt.Tooltip("gross_interval:N", title="All announcements"),
        alt.Tooltip("overlap_interval:N", title="Announced again"),
        alt.Tooltip("counted_once_interval:N", title="Counted once"),
        alt.Tooltip("unit:N", title="Unit"),
    ]
    again = (
        of_series(base, "announced again")
        .mark_bar(height=12, opacity=0.4)
        .encode(
            x=amount_axis("counted_once"),
            x2="gross:Q",
            color=alt.Color("series:N", **key),
            tooltip=tooltip,
        )
    )
    once = (
        of_series(base, "counted once")
        .mark_bar(height=12)
        .encode(
            x="counted_once:Q",
            color=alt.Color("series:N", **key),
            tooltip=tooltip,
        )
    )
    spread = base.mark_rule(strokeWidth=1.5, color=look.palette.ink).encode(x="low:Q", x2="high:Q", tooltip=tooltip)
    told = (
        base.transform_calculate(
            told="datum.counted_once_label + ' of ' + datum.gross_label", end="max(datum.gross, datum.high)"
        )
        .mark_text(align="left", dx=6, fontSize=12, fill=look.palette.ink, limit=0)
        .encode(x="end:Q", text="told:N")
    )
    return alt.layer(again, once, spread, told, row_labels(base, "scope_lines", look)).properties(
        width=look.width,
        height=alt.Step(52 if look.is_narrow else 28),
    )


def circular_chart(data: Any, look: Look) -> alt.LayerChart:
    """Money that goes both ways between two parties: invested by one, spent with it by the other [billion USD]."""
    colours = {"invested": look.palette.construction, "bought back": look.palette.operational}
    key = colour_key(look, colours)
    base = alt.Chart(data).encode(y=alt.Y("rank:O", axis=None))
    layers: list[alt.Chart] = []
    for field, name, offset in (("invested", "invested", -2), ("bought_back", "bought back", 12)):
        tooltip = [
            alt.Tooltip("party:N", title="Investor and seller"),
            alt.Tooltip("counterparty:N", title="Buyer"),
            alt.Tooltip(f"{field}_label:N", title=f"{name.capitalize()} [billion USD]"),
        ]
        layers += [
            of_series(base, name)
            .mark_bar(height=12, yOffset=offset)
            .encode(
                x=amount_axis(field),
                color=alt.Color("series:N", **key),
                tooltip=tooltip,
            ),
            base.mark_text(align="left", dx=6, yOffset=offset, fontSize=12, fill=look.palette.ink, limit=0).encode(
                x=f"{field}:Q", text=f"{field}_label:N"
            ),
        ]
    labels = row_labels(base, "pair_lines", look, is_above=True)
    return alt.layer(*layers, labels).properties(width=look.width, height=alt.Step(66))


def tension_chart(data: Any, look: Look) -> alt.LayerChart:
    """Every pair of statements by its ratio, 5 % to 95 %: where the interval spans 1, the two agree."""
    palette = look.palette
    colours = {"agrees": palette.operational, "disagrees": palette.against, "not scored": palette.pledged}
    key = colour_key(look, colours)
    base = alt.Chart(data).encode(
        x=alt.X("number:Q", axis=None, scale=alt.Scale(nice=False, padding=6)),
        color=alt.Color("verdict:N", **key),
        tooltip=[
            alt.Tooltip("owner_id:N", title="Deal or site"),
            alt.Tooltip("pair:N", title="Pair"),
            alt.Tooltip("label:N", title="Ratio (5 % to 95 %)"),
            alt.Tooltip("verdict:N", title="Verdict"),
        ],
    )
    y = alt.Y(
        "low:Q",
        scale=alt.Scale(type="log", clamp=True, domain=[0.1, 20], nice=False),
        axis=alt.Axis(title=None, values=[0.1, 0.2, 0.5, 1, 2, 5, 10, 20], format="~r"),
    )
    one = alt.Chart(alt.Data(values=[{}])).mark_rule(color=palette.ink, strokeWidth=1).encode(y=alt.datum(1))
    return alt.layer(
        base.mark_rule(strokeWidth=1 if look.is_narrow else 2.5, opacity=0.75).encode(y=y, y2="high:Q"),
        base.mark_point(filled=True, opacity=1, size=10 if look.is_narrow else 26).encode(
            y="middle:Q",
            shape=alt.Shape(
                "verdict:N",
                scale=alt.Scale(domain=list(colours), range=["circle", "diamond", "square"]),
                legend=key["legend"],
            ),
        ),
        one,
    ).properties(width=look.width, height=340)
