"""The outlines that `import_boundaries` has loaded, made simpler for the screen with their borders kept in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import atan2, atanh, cos, radians, sin, tan
from typing import Any

from django.db.models import Count, Max

from pathfinders.mapping.topology import Line, Point, Polygon, Topology, area, cut, simpler
from practices.models import Outline
from registry.models import Entry

EARTH = 6371.0
MERIDIAN, PARALLEL = radians(-2), radians(49)
"""Where the British National Grid has its own: north is up along the middle of England."""
LEAST = 2.5
"""Square units of the drawing: what is smaller is not worth a point."""
ISLET = 5.0
"""An island of fewer square units is left out, unless the trust has no other land."""

Way = list[tuple[int, int]]


@dataclass(frozen=True)
class Border:
    """An arc as drawn, with those on its sides: one where the sea or another country is on the other."""

    users: frozenset[str]
    way: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Outlined:
    """Paths by code, in a drawing of `width` by `height` units, with the borders they are made of."""

    width: int
    height: int
    paths: Mapping[str, str]
    borders: tuple[Border, ...]

    def neighbours(self) -> set[tuple[str, str]]:
        return {(min(b.users), max(b.users)) for b in self.borders if len(b.users) == 2}


def grid(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees to kilometres east and south (transverse Mercator on a sphere: of England, right to 0.3 per cent)."""
    along, up = radians(longitude) - MERIDIAN, radians(latitude)
    return EARTH * atanh(cos(up) * sin(along)), EARTH * (PARALLEL - atan2(tan(up), cos(along)))


def outlined(shapes: Mapping[str, Iterable[Polygon]], width: int) -> Outlined:
    """`shapes`: by code its polygons in degrees. Equal borders in, equal borders out."""
    held = {
        code: [[[grid(*point) for point in ring] for ring in polygon] for polygon in shape]
        for code, shape in shapes.items()
    }
    xs, ys = zip(*(p for shape in held.values() for polygon in shape for ring in polygon for p in ring), strict=True)
    left, top, scale = min(xs), min(ys), width / ((max(xs) - min(xs)) or 1)
    for shape in held.values():
        for polygon in shape:
            polygon[:] = [[((x - left) * scale, (y - top) * scale) for x, y in ring] for ring in polygon]
    cuts = cut(held)
    lines = [simpler(arc.points, LEAST) for arc in cuts.arcs]
    ends = _ends(cuts, lines)
    ways = [_whole(line, ends) for line in lines]
    rings = {code: _rings(code, cuts, ways) for code in cuts.shapes}
    used = {number for many in rings.values() for _, arcs in many for number in arcs if len(ways[number]) > 1}
    return Outlined(
        width,
        round((max(ys) - top) * scale),
        {code: "".join(path_of(way, close=True) for way, _ in many) for code, many in rings.items()},
        tuple(Border(frozenset(cuts.arcs[number].users), tuple(ways[number])) for number in sorted(used)),
    )


def path_of(way: Iterable[tuple[int, int]], *, close: bool = False) -> str:
    """Relative commands; "-" needs no blank before it."""
    points = list(way)
    (x, y), words = points[0], []
    for (ax, ay), (bx, by) in pairwise(points[:-1] if close else points):
        words += [str(bx - ax), str(by - ay)]
    return f"M{x} {y}l{' '.join(words)}".replace(" -", "-") + ("z" if close else "")


def _ends(cuts: Topology, lines: list[Line]) -> dict[Point, tuple[int, int]]:
    """Ends of arcs on whole units. A border so short that both would fall together is made one unit long, so that
    no two neighbours come apart (Lincolnshire and Northamptonshire meet for 20 metres)."""
    ends = {end: (round(end[0]), round(end[1])) for line in lines for end in (line[0], line[-1])}
    for arc, line in zip(cuts.arcs, lines, strict=True):
        if len(arc.users) == 2 and not arc.ring and len(_whole(line, ends)) < 2:
            (ax, ay), (bx, by) = line[0], line[-1]
            x, y = ends[line[-1]]
            wide = abs(bx - ax) >= abs(by - ay)
            ends[line[-1]] = (x + (1 if bx > ax else -1), y) if wide else (x, y + (1 if by > ay else -1))
    return ends


def _whole(line: Line, ends: Mapping[Point, tuple[int, int]]) -> Way:
    """On whole units, without standing still."""
    rounded = [ends.get(point) or (round(point[0]), round(point[1])) for point in line]
    return rounded[:1] + [b for a, b in pairwise(rounded) if a != b]


def _rings(code: str, cuts: Topology, ways: list[Way]) -> list[tuple[Way, set[int]]]:
    """The rings worth drawing, with the arcs that each is made of."""
    rings: list[tuple[float, bool, Way, set[int]]] = []
    for ring in (ring for polygon in cuts.shapes[code] for ring in polygon):
        way: Way = []
        for number, backwards in ring:
            piece = ways[number][::-1] if backwards else ways[number]
            way += piece[1:] if way and way[-1] == piece[0] else piece
        if len(way) > 3:
            alone = all(len(cuts.arcs[number].users) == 1 for number, _ in ring)
            rings.append((area([(float(x), float(y)) for x, y in way]), alone, way, {number for number, _ in ring}))
    largest = max((size for size, *_ in rings), default=0.0)
    return [(w, arcs) for size, alone, w, arcs in rings if size and (size >= ISLET or not alone or size == largest)]


def outlines_loaded() -> bool:
    """Whether there is a choice of drawings."""
    return Outline.objects.exists()


def known_codes() -> frozenset[str]:
    """Of the bodies whose outline is loaded."""
    return frozenset(Outline.objects.values_list("body__code", flat=True))


def loaded() -> dict[str, list[Polygon]]:
    """By code the polygons of its newest outline."""
    rows = Outline.objects.order_by("body__code", "vintage").values_list("body__code", "geometry")
    return {code: polygons(geometry) for code, geometry in rows}


def polygons(geometry: Mapping[str, Any]) -> list[Polygon]:
    """Of a GeoJSON Polygon or MultiPolygon."""
    many = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[[(p[0], p[1]) for p in ring] for ring in polygon] for polygon in many]


Edition = tuple[int, int, int]


def edition() -> Edition:
    """What changes when outlines are loaded: how many, the newest, and the journal's entry of the last loading."""
    held = Outline.objects.aggregate(count=Count("pk"), newest=Max("pk"))
    entry = Entry.objects.filter(action="import_boundaries").aggregate(newest=Max("number"))["newest"]
    return held["count"], held["newest"] or 0, entry or 0


@lru_cache(maxsize=8)
def drawn(edition: Edition, codes: frozenset[str], width: int) -> Outlined | None:
    """The newest outlines of these codes in a drawing so wide, made once for each loading; None where there are none.

    About a second for all 151, then nothing.
    """
    shapes = {code: shape for code, shape in loaded().items() if code in codes}
    return outlined(shapes, width) if shapes else None
