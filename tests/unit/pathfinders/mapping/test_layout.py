"""The hexagons of 1 April 2011. No database."""

from collections import defaultdict

from pathfinders.mapping.hexagons import hexagons
from pathfinders.mapping.layout import CORNERS, places, region_names, size
from tests.support.drawn_maps import REFERENCE, some_cells
from tests.support.drawn_paths import points, touching


def test_each_of_the_151_has_a_hexagon_of_its_own_and_letters_of_its_own():
    held = places()
    assert (
        len(held) == 151 == len({(p.column, p.row) for p in held.values()}) == len({p.letters for p in held.values()})
    )
    assert held.keys() == {row["code"] for row in REFERENCE if "2011-04-01" in row["days"]}
    assert all(len(place.letters) == 3 and place.letters.isupper() for place in held.values())


def test_each_authority_is_in_one_piece():
    whose = defaultdict(set)
    for row in REFERENCE:
        if row["code"] in places():
            whose[row["above"]].add(places()[row["code"]])
    assert whose.keys() == region_names().keys()
    for sha, held in whose.items():
        cells = {(place.column, place.row): place for place in held}
        queue = [next(iter(held))]
        reached = set(queue)
        for place in queue:
            fresh = {cells[at] for at in place.around if at in cells} - reached
            reached |= fresh
            queue += fresh
        assert reached == held, sha


def test_those_around_a_hexagon_are_those_that_its_sides_touch():
    drawn = {shape.cell.code: shape.path for part in hexagons(some_cells()).parts for shape in part.shapes}
    at = {(place.column, place.row): code for code, place in places().items()}
    around = {
        tuple(sorted((code, at[beyond])))
        for code, place in places().items()
        for beyond in place.around
        if beyond in at
    }
    assert touching(drawn) == around
    for code, place in places().items():
        x, y = place.middle
        assert set(points(drawn[code])) == {(x + dx, y + dy) for dx, dy in CORNERS}


def test_nothing_lies_outside_the_drawing_and_no_name_on_a_hexagon():
    width, height = size()
    drawn = [points(shape.path) for part in hexagons(some_cells()).parts for shape in part.shapes]
    assert all(0 < x < width and 0 < y < height for path in drawn for x, y in path)
    middles = [place.middle for place in places().values()]
    for code, name in region_names().items():
        x, y = name.at
        long = max(len(line) for line in name.lines) * 21
        left = {"start": x, "middle": x - long // 2, "end": x - long}[name.anchor]
        assert left >= 0 and left + long <= width, code
        for line in range(len(name.lines)):
            middle = y + 36 * line - 12
            spots = [(left + n * long // 6, middle) for n in range(7)]
            assert all(abs(a - c) > 52 or abs(b - d) > 60 for a, b in spots for c, d in middles), code
