"""Outlines: TopoJSON or GeoJSON with a property that holds the body's code."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from practices.codes import BODY
from registry.errors import Refused
from registry.files.report import Report
from registry.files.source import Source

CODES = ("pct_code", "ccg_code", "code")
SHAPES = ("Polygon", "MultiPolygon")
Ring = list[list[float]]


class OutlineRow(NamedTuple):
    """A body's outline as a GeoJSON geometry; `line` counts features from 1, for a file of outlines has no lines."""

    line: int
    code: str
    geometry: dict[str, Any]


def document(source: Source) -> dict[str, Any]:
    """The file as JSON. Raises Refused with one sentence where it is none."""
    try:
        found = json.loads(source.text)
    except ValueError as fault:
        raise Refused("wrong_file", f"{source.name} is not JSON: {fault}.", field="file") from None
    if not code_property(found):
        message = f"{source.name} is neither TopoJSON nor GeoJSON with a property {', '.join(CODES)} on its outlines."
        raise Refused("wrong_file", message, field="file")
    return found


def code_property(found: Any) -> str:
    """The property that holds the code ("pct_code"); empty where it is no file of outlines."""
    features = _features(found)
    if not features:
        return ""
    return next((c for c in CODES if all(isinstance(p, dict) and p.get(c) for p, _ in features)), "")


def _features(found: Any) -> list[tuple[Any, dict[str, Any]]]:
    """(properties, geometry) of each feature, TopoJSON's still by arcs."""
    try:
        if found["type"] == "FeatureCollection":
            return [(f["properties"], f["geometry"]) for f in found["features"]]
        if found["type"] == "Topology":
            collections = found["objects"].values()
            return [(g.get("properties"), g) for c in collections for g in c.get("geometries", [])]
    except (TypeError, KeyError, AttributeError):
        pass
    return []


def read(found: dict[str, Any], report: Report) -> list[OutlineRow]:
    code = code_property(found)
    rows: dict[str, OutlineRow] = {}
    draw = _Topology(found).geometry if found["type"] == "Topology" else _plain
    for number, (properties, shape) in enumerate(_features(found), start=1):
        report.rows += 1
        own = str(properties[code])
        try:
            if not BODY.fullmatch(own):
                raise ValueError("not the shape of a body's code")
            if own in rows:
                raise ValueError(f"outline {rows[own].line} is of the same body")
            rows[own] = OutlineRow(number, own, draw(shape))
        except ValueError as fault:
            report.refuse(number, code, own[:60], str(fault))
        except (TypeError, KeyError, IndexError):
            report.refuse(number, code, own[:60], "its outline cannot be drawn: arcs or coordinates are missing")
    return list(rows.values())


def _plain(shape: dict[str, Any]) -> dict[str, Any]:
    if shape["type"] not in SHAPES:
        raise ValueError(f"a {shape['type']}, not a polygon")
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    for x, y, *_ in (p for polygon in polygons for ring in polygon for p in ring):
        if not (-180 <= x <= 180 and -90 <= y <= 90):
            raise ValueError("its coordinates are not degrees (WGS 84)")
    return {"type": shape["type"], "coordinates": shape["coordinates"]}


class _Topology:
    """TopoJSON: rings are made of arcs that neighbours share; an arc is a chain of whole-number steps."""

    def __init__(self, found: dict[str, Any]) -> None:
        transform = found.get("transform") or {}
        self.scale = transform.get("scale") or (1, 1)
        self.shift = transform.get("translate") or (0, 0)
        self.arcs = [self._arc(a, steps=bool(transform)) for a in found["arcs"]]

    def _arc(self, points: list[list[float]], *, steps: bool) -> Ring:
        x = y = 0.0
        drawn = []
        for dx, dy, *_ in points:
            x, y = (x + dx, y + dy) if steps else (dx, dy)
            drawn.append([round(v * s + t, 5) for v, s, t in zip((x, y), self.scale, self.shift, strict=True)])
        return drawn

    def _ring(self, numbers: list[int]) -> Ring:
        ring: Ring = []
        for n in numbers:
            arc = self.arcs[n] if n >= 0 else self.arcs[~n][::-1]  # ~n: the same arc, walked backwards
            ring += arc[1:] if ring else arc
        return ring

    def geometry(self, shape: dict[str, Any]) -> dict[str, Any]:
        if shape["type"] == "Polygon":
            drawn: Any = [self._ring(r) for r in shape["arcs"]]
        elif shape["type"] == "MultiPolygon":
            drawn = [[self._ring(r) for r in polygon] for polygon in shape["arcs"]]
        else:
            raise ValueError(f"a {shape['type']}, not a polygon")
        return _plain({"type": shape["type"], "coordinates": drawn})
