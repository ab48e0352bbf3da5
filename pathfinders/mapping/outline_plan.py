"""The drawing by real outlines, with London once more and larger, in the North Sea."""

from __future__ import annotations

from collections.abc import Sequence

from pathfinders.mapping.classes import Cell
from pathfinders.mapping.layout import RegionName, exact_first, homes, places, region_names
from pathfinders.mapping.outlines import Outlined, drawn, edition, known_codes, path_of
from pathfinders.mapping.plan import Part, Plan, Shape

WIDTH, INSET_WIDTH = 1300, 440
INSET = "Q36"
"""The authority whose trusts are too small to be seen, or tapped, among the others: London."""
INSET_AT = (950, 4)
AIR = 20
ROOM = 100
"""To the right of England, for the inset."""


def outline_plan(cells: Sequence[Cell]) -> Plan | None:
    """None where no outline is loaded. Trusts without one, or whose outline another has taken, are listed below."""
    codes, now = [cell.code for cell in cells], edition()
    whole = drawn(now, frozenset((places().keys() | set(codes)) & known_codes()), WIDTH)
    if whole is None:
        return None
    home = homes(codes, {code for code, path in whole.paths.items() if path})
    held: dict[str, Cell] = {}
    below = [
        cell
        for cell in exact_first(cells, home)
        if cell.code not in home or held.setdefault(home[cell.code], cell) is not cell
    ]
    inset = drawn(now, frozenset(code for code, cell in held.items() if cell.sha == INSET), INSET_WIDTH)
    larger = inset.paths if inset else {}
    regions: dict[str, list[Shape]] = {}
    for code in sorted(held, key=_reading):
        if code not in larger:
            regions.setdefault(held[code].sha, []).append(Shape(held[code], whole.paths[code]))
    plan = Plan(
        (WIDTH + ROOM + 2 * AIR, whole.height + 2 * AIR),
        [Part(_name(sha), shapes, (AIR, AIR)) for sha, shapes in regions.items()],
        empty=[path for code, path in whole.paths.items() if code not in held],
        seen=[Shape(held[code], whole.paths[code]) for code in larger],
        below=below,
        borders=[(_borders(whole, held), (AIR, AIR))],
        offset=(AIR, AIR),
        kind="outlines",
        thick=5,
        thin=2,
    )
    if inset:
        _put_in(plan, inset, held)
    return plan


def _put_in(plan: Plan, inset: Outlined, held: dict[str, Cell]) -> None:
    x, y = INSET_AT
    offset = (x + AIR, y + AIR + 44)
    shapes = [Shape(held[code], inset.paths[code]) for code in sorted(inset.paths, key=_reading)]
    plan.parts.append(Part(_name(INSET), shapes, offset))
    plan.borders.append((_borders(inset, held), offset))
    plan.frames.append((x, y, INSET_WIDTH + 2 * AIR, inset.height + 2 * AIR + 44))
    plan.names.append(RegionName([_name(INSET)], (x + AIR, y + 44), "start"))


def _reading(code: str) -> tuple[int, int, str]:
    """North first, then west first, as the hexagons are."""
    place = places().get(code)
    return (place.row, place.column, code) if place else (99, 0, code)


def _name(sha: str) -> str:
    name = region_names().get(sha)
    return " ".join(name.lines) if name else ""


def _borders(outlined: Outlined, held: dict[str, Cell]) -> str:
    """The coast, and where another authority begins."""
    found = []
    for border in outlined.borders:
        shas = {held[code].sha if code in held else "" for code in border.users}
        if len(border.users) == 1 or len(shas) > 1:
            found.append(path_of(border.way))
    return "".join(found)
