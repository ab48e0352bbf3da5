"""Counting England: the members under each key, and the registered patients of each area (domain.md rules 5 to 7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from pathfinders.reads.eligible import Cell, England, Place

KEY_OF: dict[str, Callable[[Cell, Place | None], str | None]] = {
    "national": lambda cell, place: "England",
    "sha": lambda cell, place: cell.sha,
    "pct": lambda cell, place: cell.pct,
    "wave": lambda cell, place: place and str(place.wave),
    "consortium": lambda cell, place: cell.consortium,
    "pathfinder": lambda cell, place: place and place.pathfinder,
}
"""What members are counted under, of each place that their consortium has."""
SUMS = (
    "practices",
    "practices_confirmed",
    "people",
    "people_confirmed",
    "practices_without_list",
    "practices_list_later",
)
NOBODY: dict[str, Any] = dict.fromkeys(("pathfinders", "consortia", *SUMS), 0) | {"pcts": [], "shas": []}
Registered = tuple[int, str | None]
"""Registered patients, and the quarter that they are of."""


class _Under:
    """The members under one key: a cell comes once for each of its places, and counts once."""

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self.pathfinders: set[str] = set()

    def add(self, cell: Cell, place: Place | None) -> None:
        if not self.cells or self.cells[-1] is not cell:
            self.cells.append(cell)
        if place:
            self.pathfinders.add(place.pathfinder)

    def figures(self) -> dict[str, Any]:
        return {
            "pathfinders": len(self.pathfinders),
            "consortia": len({cell.consortium for cell in self.cells}),
            **sums(self.cells),
            "pcts": sorted({cell.pct for cell in self.cells if cell.pct}),
            "shas": sorted({cell.sha for cell in self.cells if cell.sha}),
        }


def sums(cells: Iterable[Cell]) -> dict[str, int]:
    """The figures of cells that are each there once."""
    cells = list(cells)
    return {name: sum(map(attrgetter(name), cells)) for name in SUMS}


def members(england: England, by: str, basis: str, scope: str) -> dict[str, dict[str, Any]]:
    """The figures of the members under each key that has any; `scope` pathfinder or consortium."""
    places, key_of = england.standing(basis), KEY_OF[by]
    nowhere: list[Place | None] = [None] if scope == "consortium" else []
    found: dict[str, _Under] = defaultdict(_Under)
    for cell in england.cells:
        if cell.consortium is None:
            continue
        for place in places.get(cell.consortium, nowhere):
            key = key_of(cell, place)
            if key is not None:
                found[key].add(cell, place)
    return {key: under.figures() for key, under in found.items()}


def registered_by(england: England, by: str) -> dict[str | None, Registered]:
    """Registered patients by area; of all England, under None, where `by` is no area."""
    found: dict[str | None, list[Cell]] = defaultdict(list)
    for cell in england.cells:
        found[cell.sha if by == "sha" else cell.pct if by == "pct" else None].append(cell)
    return {area: registered(cells) for area, cells in found.items()}


def registered(cells: Iterable[Cell]) -> Registered:
    """The quarter is the newest up to the day, or, where all are later, the earliest."""
    cells = list(cells)
    newest = max((cell.newest for cell in cells if cell.newest), default=None)
    quarter = newest or min((cell.oldest for cell in cells if cell.oldest), default=None)
    return sum(cell.people for cell in cells), quarter
