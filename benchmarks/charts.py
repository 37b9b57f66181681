"""The charts of the page: on a light ground of their own, so that a dark page shows them too."""

from __future__ import annotations

from typing import Any

import altair as alt
from questions import RERATED

CORE, OTHER = "#0b6e6e", "#9aa5b1"
COLOURS = {"core on DuckDB": CORE, "core on Polars": "#c8553d"}
GROUND = "#fbfaf7"
INK = "#22303c"
FONT = "Helvetica, Arial, sans-serif"
LIMIT_GB = 4


def speed_chart(rows: list[dict[str, Any]]) -> alt.Chart:
    """The processor time per row of every contestant over its most rows, the fastest on top."""
    most: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["contestant"] in RERATED or row["storage"] == "parquet":
            continue
        most[row["label"]] = row
    points = [
        {
            "label": f"{name} ({rows_text(row['row_count'])} rows)",
            "nanoseconds": row["processor_seconds"] / row["row_count"] * 1e9,
            "text": time_text(row["processor_seconds"] / row["row_count"]),
            "kind": "full intervals by the core" if name.startswith("core") else "others",
        }
        for name, row in most.items()
    ]
    low = min((point["nanoseconds"] for point in points), default=1) / 2
    high = max((point["nanoseconds"] for point in points), default=1) * 6
    for point in points:
        point["start"] = low
    powers = [10.0**power for power in range(-1, 9) if low <= 10.0**power <= high]
    x = alt.X(
        "start:Q",
        title="processor time per row [ns], logarithmic",
        scale=alt.Scale(type="log", domain=[low, high], nice=False),
        axis=alt.Axis(values=powers, format=",~r"),
    )
    y = alt.Y("label:N", title=None, sort=alt.EncodingSortField("nanoseconds"))
    base = alt.Chart(alt.Data(values=points)).encode(y=y)
    kinds = ["full intervals by the core", "others"]
    colour = alt.Color("kind:N", title=None, scale=alt.Scale(domain=kinds, range=[CORE, OTHER]))
    bars = base.mark_bar(height=13, cornerRadiusEnd=2).encode(x=x, x2="nanoseconds:Q", color=colour)
    texts = base.mark_text(align="left", dx=5, fontSize=11, color=INK).encode(x="nanoseconds:Q", text="text:N")
    return dressed(alt.layer(bars, texts), "Processor time per row, rows in memory", height=alt.Step(21))


def scaling_chart(rows: list[dict[str, Any]]) -> alt.Chart:
    """Processor time from Parquet over rows for the core, with a line of equal time per row."""
    points = core_points(rows)
    largest = max(points, key=lambda point: (point["rows"], -point["seconds"]), default={"rows": 1, "seconds": 1})
    per_row = largest["seconds"] / largest["rows"]
    ideal = [{"rows": count, "seconds": per_row * count} for count in sorted({point["rows"] for point in points})]
    line = (
        alt.Chart(alt.Data(values=ideal))
        .mark_line(strokeDash=[5, 4], color=OTHER)
        .encode(x=rows_axis(), y=log_axis("seconds", "processor time [s]"))
    )
    return dressed(
        alt.layer(line, curve(points, "seconds", "processor time [s]")),
        "Full intervals from Parquet: processor time over rows (dashed: the same time for every row)",
    )


def memory_chart(rows: list[dict[str, Any]]) -> alt.Chart:
    """The peak of memory from Parquet over rows for the core, with the bound."""
    points = core_points(rows)
    bound = alt.Chart(alt.Data(values=[{"bound": LIMIT_GB, "text": "4 GB"}]))
    layers = (
        bound.mark_rule(strokeDash=[5, 4], color="#b23a48").encode(y="bound:Q"),
        curve(points, "gigabytes", "peak memory [GB]"),
    )
    return dressed(alt.layer(*layers), "Full intervals from Parquet: peak memory over rows (dashed: the bound of 4 GB)")


def core_points(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The results of the core from Parquet."""
    return [
        {
            "rows": row["row_count"],
            "seconds": row["processor_seconds"],
            "gigabytes": row["peak_memory_bytes"] / 1e9,
            "label": row["label"],
        }
        for row in rows
        if row["question"] == "parquet" and row["contestant"] == "core"
    ]


def curve(points: list[dict[str, Any]], name: str, title: str) -> alt.LayerChart:
    """A line with its points per engine."""
    colour = alt.Color("label:N", title=None, scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())))
    base = alt.Chart(alt.Data(values=points)).encode(x=rows_axis(), y=log_axis(name, title), color=colour)
    return base.mark_line(strokeWidth=2) + base.mark_point(filled=True, size=55, opacity=1)


def rows_axis() -> alt.X:
    """Rows, by powers of ten."""
    return alt.X(
        "rows:Q",
        title="rows",
        scale=alt.Scale(type="log"),
        axis=alt.Axis(values=[10**power for power in range(4, 10)], format="~s"),
    )


def log_axis(name: str, title: str) -> alt.Y:
    """A quantity by powers of ten."""
    return alt.Y(
        f"{name}:Q",
        title=title,
        scale=alt.Scale(type="log"),
        axis=alt.Axis(values=[10.0**power for power in range(-3, 4)], format="~g"),
    )


def dressed(chart: alt.LayerChart, title: str, height: Any = 260) -> alt.LayerChart:
    """A chart in the dress of the page."""
    return (
        chart.properties(width=560, height=height, title=title, background=GROUND, padding=14)
        .configure(font=FONT)
        .configure_title(anchor="start", color=INK, fontSize=14, fontWeight=600, offset=12)
        .configure_axis(labelColor=INK, titleColor=INK, gridColor="#e4e0d8", domainColor="#b8b2a6", labelLimit=320)
        .configure_legend(orient="bottom", labelColor=INK, labelFontSize=12)
        .configure_view(stroke=None)
    )


def rows_text(count: float) -> str:
    """A number of rows in few signs."""
    for unit, name in ((1e6, "M"), (1e3, "k")):
        if count >= unit:
            return f"{count / unit:g}{name}"
    return f"{count:g}"


def time_text(seconds: float) -> str:
    """A short time with its unit."""
    for unit, name in ((1e-3, "ms"), (1e-6, "µs")):
        if seconds >= unit:
            return f"{seconds / unit:.3g} {name}"
    return f"{seconds / 1e-9:.3g} ns"
