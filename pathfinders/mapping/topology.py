"""Outlines cut into arcs that neighbours share, so that a border is made simpler once and is the same for both."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

Point = tuple[float, float]
Line = list[Point]
Polygon = list[Line]
"""Its outer ring, then its holes; each ring closed: the last point is the first."""


@dataclass
class Arc:
    """A piece of border between two junctions, or a whole ring that has none; with the codes of those it bounds."""

    points: Line
    users: set[str] = field(default_factory=set)

    @property
    def ring(self) -> bool:
        return self.points[0] == self.points[-1]


@dataclass
class Topology:
    """`shapes`: by code its polygons, each a list of rings, each a list of (arc, whether it is run backwards)."""

    arcs: list[Arc]
    shapes: dict[str, list[list[list[tuple[int, bool]]]]]

    def neighbours(self) -> set[tuple[str, str]]:
        """Pairs that share an arc, each in the order of its codes."""
        return {(min(a.users), max(a.users)) for a in self.arcs if len(a.users) == 2}


def cut(shapes: Mapping[str, Iterable[Polygon]]) -> Topology:
    """A junction is a point that borders leave in another number of ways than two; all else is inside an arc."""
    held = {
        code: [[_without_repeats(ring) for ring in polygon if ring] for polygon in shape]
        for code, shape in shapes.items()
    }
    ways: dict[Point, set[Point]] = {}
    for ring in (r for shape in held.values() for polygon in shape for r in polygon):
        for a, b in pairwise(ring):
            ways.setdefault(a, set()).add(b)
            ways.setdefault(b, set()).add(a)
    junctions = {point for point, others in ways.items() if len(others) != 2}
    arcs: list[Arc] = []
    seen: dict[tuple[Point, ...], int] = {}

    def numbered(line: Line, code: str) -> tuple[int, bool]:
        forward, backward = tuple(line), tuple(reversed(line))
        key = min(forward, backward)
        if key not in seen:
            seen[key] = len(arcs)
            arcs.append(Arc(list(key)))
        arcs[seen[key]].users.add(code)
        return seen[key], key != forward

    return Topology(
        arcs,
        {
            code: [
                [[numbered(line, code) for line in _lines(ring, junctions)] for ring in polygon if len(ring) > 3]
                for polygon in shape
            ]
            for code, shape in held.items()
        },
    )


def simpler(arc: Line, least: float) -> Line:
    """Visvalingam's way: the point that makes the smallest triangle goes first, until none is under `least`.

    The ends stay; of a ring three points stay.
    """
    count, floor = len(arc), 4 if arc[0] == arc[-1] else 2
    before, after = list(range(-1, count - 1)), list(range(1, count + 1))
    sizes = [0.0] * count
    heap: list[tuple[float, int]] = []

    def weigh(n: int, at_least: float = 0.0) -> None:
        sizes[n] = max(_triangle(arc[before[n]], arc[n], arc[after[n]]), at_least)
        heapq.heappush(heap, (sizes[n], n))

    for n in range(1, count - 1):
        weigh(n)
    left, gone = count, [False] * count
    while heap and left > floor:
        size, n = heapq.heappop(heap)
        if size >= least:
            break
        if gone[n] or size != sizes[n]:
            continue
        gone[n], left = True, left - 1
        a, b = before[n], after[n]
        after[a], before[b] = b, a
        for m in (a, b):
            if 0 < m < count - 1:
                weigh(m, size)
    return [point for n, point in enumerate(arc) if not gone[n]]


def area(ring: Line) -> float:
    """Without its sign."""
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(ring))) / 2


def _without_repeats(ring: Line) -> Line:
    return ring[:1] + [b for a, b in pairwise(ring) if a != b]


def _lines(ring: Line, junctions: set[Point]) -> list[Line]:
    """The ring in pieces from junction to junction; one without a junction begins at its least point."""
    body = ring[:-1]
    starts = [n for n, point in enumerate(body) if point in junctions]
    if not starts:
        least = body.index(min(body))
        turned = body[least:] + body[:least]
        return [[*turned, turned[0]]]
    turned = body[starts[0] :] + body[: starts[0]] + [body[starts[0]]]
    places = [n for n, point in enumerate(turned) if point in junctions]
    return [turned[a : b + 1] for a, b in pairwise(places)]


def _triangle(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2
