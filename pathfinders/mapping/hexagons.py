"""The default drawing: a hexagon for each trust."""

from __future__ import annotations

from collections.abc import Sequence

from pathfinders.mapping.classes import Cell
from pathfinders.mapping.layout import CORNERS, HALF, SIDE, Place, exact_first, homes, places, region_names, size
from pathfinders.mapping.plan import Part, Plan, Shape

WHOLE = f"l{HALF} {SIDE // 2}v{SIDE}l-{HALF} {SIDE // 2}l-{HALF}-{SIDE // 2}v-{SIDE}z"
LEFT = f"v{2 * SIDE}l-{HALF}-{SIDE // 2}v-{SIDE}z"
NOBODY = "l36 21v42l-36 21l-36-21v-42z"
"""Smaller, so that it is seen inside the borders of those around it."""
RIGHT = f"l{HALF} {SIDE // 2}v{SIDE}l-{HALF} {SIDE // 2}z"


def hexagons(cells: Sequence[Cell]) -> Plan:
    """Every cell that has a place, under its authority, north first. Two of one place (5P3 and 5P4, which became 5QV)
    have half of it each; a third, and who has no place, is listed below."""
    home = homes([cell.code for cell in cells], places())
    sharing: dict[str, list[Cell]] = {}
    below = []
    for cell in exact_first(cells, home):
        held = sharing.setdefault(home[cell.code], []) if cell.code in home else None
        if held is None or len(held) == 2:
            below.append(cell)
        else:
            held.append(cell)
    regions: dict[str, list[Shape]] = {}
    for code, place in sorted(places().items(), key=lambda item: (item[1].row, item[1].column)):
        for shape in _shapes(place, sharing.get(code, [])):
            regions.setdefault(shape.cell.sha, []).append(shape)
    names = region_names()
    return Plan(
        size(),
        [Part(" ".join(names[sha].lines) if sha in names else "", shapes) for sha, shapes in regions.items()],
        empty=[_nobody(place) for code, place in places().items() if code not in sharing],
        below=below,
        borders=[(_borders({places()[code]: held[0].sha for code, held in sharing.items()}), (0, 0))],
        names=[name for sha, name in names.items() if sha in regions],
    )


def _start(place: Place) -> str:
    x, y = place.middle
    return f"M{x} {y - SIDE}"


def _nobody(place: Place) -> str:
    x, y = place.middle
    return f"M{x} {y - 42}{NOBODY}"


def _shapes(place: Place, held: list[Cell]) -> list[Shape]:
    start, at = _start(place), place.middle
    if len(held) == 2:
        return [Shape(held[0], start + LEFT), Shape(held[1], start + RIGHT)]
    return [Shape(cell, start + WHOLE, place.letters, at) for cell in held]


def _borders(shas: dict[Place, str]) -> str:
    """The sides on which another authority, or nobody, is."""
    whose = {(place.column, place.row): sha for place, sha in shas.items()}
    sides = []
    for place, sha in shas.items():
        x, y = place.middle
        for n, beyond in enumerate(place.around):
            other = whose.get(beyond)
            if other != sha and (other is None or n < 3):  # a side between two is drawn once
                (ax, ay), (bx, by) = CORNERS[n], CORNERS[(n + 1) % 6]
                sides.append(f"M{x + ax} {y + ay}l{bx - ax} {by - ay}")
    return "".join(sides).replace(" -", "-")
