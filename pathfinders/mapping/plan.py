"""What is to be drawn, whichever way: shapes in units of the drawing, before anything is said of colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pathfinders.mapping.classes import Cell
from pathfinders.mapping.layout import Point, RegionName


class Shape(NamedTuple):
    """A trust's place: path data, and where its letters stand, if it has any."""

    cell: Cell
    path: str
    letters: str = ""
    at: Point = (0, 0)


@dataclass
class Part:
    """Shapes under one name (an authority's), moved by `offset`; with the borders drawn over them."""

    name: str
    shapes: list[Shape]
    offset: Point = (0, 0)


@dataclass
class Plan:
    """`empty`: places of trusts that are not there on the day. `seen`: shapes that are drawn without a link, because
    they are drawn larger elsewhere. `below`: trusts without a place. `borders`: (path data, offset).
    `offset`: of `empty` and `seen`."""

    size: Point
    parts: list[Part]
    empty: list[str] = field(default_factory=list)
    seen: list[Shape] = field(default_factory=list)
    below: list[Cell] = field(default_factory=list)
    borders: list[tuple[str, Point]] = field(default_factory=list)
    names: list[RegionName] = field(default_factory=list)
    frames: list[tuple[int, int, int, int]] = field(default_factory=list)
    offset: Point = (0, 0)
    kind: str = "hexagons"
    thick: int = 10
    thin: int = 4

    @property
    def drawn(self) -> Sequence[Cell]:
        return [shape.cell for part in self.parts for shape in part.shapes]
