"""Lists of places as GeoJSON (RFC 7946): a feature a row, null geometry where its place is not known."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import IO, Any

from registry.api.about import About
from registry.api.shapes import Row, Shape

PLACE = ("longitude", "latitude")


def has_places(shape: Shape) -> bool:
    return set(PLACE) <= shape.fields.keys()


def write_geojson(
    out: IO[bytes], shape: Shape, wanted: list[str], pages: Iterable[list[Row]], about: About | None = None
) -> None:
    """A FeatureCollection, a feature a line; both dates are members of it, which the RFC allows. A feature's id is the
    first field of its row, its properties are the row as JSON has it."""
    key = shape.names()[0]
    head = {"type": "FeatureCollection", **(about.dates if about else {})}
    out.write(_json(head)[:-1].encode() + b', "features": [')
    between = b"\n"
    for page in pages:
        for row in page:
            out.write(between + _json(_feature(shape, key, wanted, row)).encode())
            between = b",\n"
    out.write(b"\n]}\n")


def _feature(shape: Shape, key: str, wanted: list[str], row: Row) -> dict[str, Any]:
    longitude, latitude = (shape.fields[name](row) for name in PLACE)
    placed = longitude is not None and latitude is not None
    return {
        "type": "Feature",
        "id": shape.fields[key](row),
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]} if placed else None,
        "properties": shape.shape(row, wanted),
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
