# ruff: noqa: INP001 - a script, no package
"""Makes the outlines that the map draws, `engine/gigaledger/plots/outlines.json`: states and land as coarse TopoJSON.

The shapes are facts in the public domain: US states of the US Census Bureau (cartographic boundary files) and land of
Natural Earth, 1:110 million. Both are taken as the packages us-atlas 3 and world-atlas 2 (ISC licence) convert them.

    npm pack us-atlas@3 world-atlas@2      # then unpack both
    python docs/make_outlines.py US_ATLAS/states-10m.json WORLD_ATLAS/land-110m.json
"""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[1] / "engine/gigaledger/plots/outlines.json"
SOURCE = "US Census Bureau, cartographic boundary files; Natural Earth, 1:110m land. Both in the public domain."
# On a map of 1,000 pixels, states span 60 degrees and land 360: half a pixel each.
STATES_DEGREES, LAND_DEGREES = 0.03, 0.2
# What the projections leave out: territories overseas, and the south beyond any site.
LEFT_OUT = {"60", "66", "69", "72", "78"}
SOUTHERNMOST_DEGREES = -60
SMALLEST_CELLS = 6
Point = tuple[float, float]


def main() -> None:
    """Read both files and write the coarse ones together."""
    states, land = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:3])
    document = {
        "source": SOURCE,
        "states": coarse(states, "states", STATES_DEGREES),
        "land": coarse(land, "land", LAND_DEGREES),
    }
    TARGET.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")


def coarse(topology: dict[str, Any], name: str, degrees: float) -> dict[str, Any]:
    """One object of a topology, its arcs simplified to a tolerance; shared borders stay shared."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [_delta_coded(_simplified(_decoded(arc, scale, shift), degrees), degrees) for arc in topology["arcs"]]
    shapes = topology["objects"][name]
    shapes["geometries"] = [shape for shape in shapes["geometries"] if shape.get("id") not in LEFT_OUT]
    shapes = _large_enough(shapes, arcs)
    used = sorted({index if index >= 0 else ~index for index in _indices(shapes)})
    place = {old: new for new, old in enumerate(used)}
    return {
        "type": "Topology",
        "transform": {"scale": [degrees, degrees], "translate": [0, 0]},
        "objects": {name: _renumbered(shapes, place)},
        "arcs": [arcs[index] for index in used],
    }


def _large_enough(shapes: dict[str, Any], arcs: list[list[list[int]]]) -> dict[str, Any]:
    """The shapes without islands of a few cells: a ring that folds onto itself would be read as its outside."""
    degrees = LAND_DEGREES if len(shapes["geometries"]) == 1 else STATES_DEGREES
    for shape in shapes["geometries"]:
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        kept = [
            [ring for ring in polygon if _cells(ring, arcs) >= SMALLEST_CELLS]
            for polygon in polygons
            if _cells(polygon[0], arcs) >= SMALLEST_CELLS
            and min(y for _, y in _ring(polygon[0], arcs)) * degrees > SOUTHERNMOST_DEGREES
        ]
        shape["type"], shape["arcs"] = "MultiPolygon", kept
    return shapes


def _ring(ring: list[int], arcs: list[list[list[int]]]) -> list[Point]:
    """The points of a ring on the grid."""
    points: list[Point] = []
    for index in ring:
        line = _decoded(arcs[index if index >= 0 else ~index], [1, 1], [0, 0])
        points += line if index >= 0 else line[::-1]
    return points


def _cells(ring: list[int], arcs: list[list[list[int]]]) -> float:
    """The area of a ring [cell of the grid]."""
    points = _ring(ring, arcs)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in itertools.pairwise(points))) / 2


def _decoded(arc: list[list[int]], scale: list[float], shift: list[float]) -> list[Point]:
    """The points of an arc in degrees."""
    x = y = 0
    points = []
    for step in arc:
        x, y = x + step[0], y + step[1]
        points.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
    return points


def _simplified(points: list[Point], tolerance: float) -> list[Point]:
    """Douglas and Peucker: the points that lie further than the tolerance from the line between those kept."""
    if len(points) < 3:  # noqa: PLR2004 - a line
        return points
    if points[0] == points[-1]:  # a ring: cut it in two
        middle = len(points) // 2
        return _simplified(points[: middle + 1], tolerance)[:-1] + _simplified(points[middle:], tolerance)
    (ax, ay), (bx, by) = points[0], points[-1]
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
    away = [abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length for x, y in points[1:-1]]
    furthest = max(range(len(away)), key=away.__getitem__) + 1
    if away[furthest - 1] <= tolerance:
        return [points[0], points[-1]]
    return _simplified(points[: furthest + 1], tolerance)[:-1] + _simplified(points[furthest:], tolerance)


def _delta_coded(points: list[Point], degrees: float) -> list[list[int]]:
    """The points on a grid, each as the step from the last."""
    grid = [(round(x / degrees), round(y / degrees)) for x, y in points]
    kept = [grid[0], *(b for a, b in itertools.pairwise(grid) if a != b)]
    kept = kept if len(kept) > 1 else [grid[0], grid[-1]]
    return [list(kept[0]), *([b[0] - a[0], b[1] - a[1]] for a, b in itertools.pairwise(kept))]


def _indices(shape: Any) -> list[int]:
    """The arcs that a shape uses."""
    if isinstance(shape, int):
        return [shape]
    parts = shape.get("geometries") or shape.get("arcs") or [] if isinstance(shape, dict) else shape
    return [index for part in parts for index in _indices(part)]


def _renumbered(shape: Any, place: dict[int, int]) -> Any:
    """A shape with the new numbers of its arcs, and of its properties only the id."""
    if isinstance(shape, int):
        return place[shape] if shape >= 0 else ~place[~shape]
    if isinstance(shape, list):
        return [_renumbered(part, place) for part in shape]
    kept = {key: shape[key] for key in ("type", "id") if key in shape}
    return {**kept, **{key: _renumbered(shape[key], place) for key in ("geometries", "arcs") if key in shape}}


if __name__ == "__main__":
    main()
