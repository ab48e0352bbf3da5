"""Borders cut into arcs and made simpler. No database."""

from math import cos, pi, sin

from pathfinders.mapping.outlines import outlined, polygons
from pathfinders.mapping.topology import cut, simpler
from tests.support.drawn_paths import points, touching

ROUND = [(cos(n * pi / 50), sin(n * pi / 50)) for n in range(100)]
SQUARE = [[[(0.0, 50.0), (1.0, 50.0), (1.0, 51.0), (0.5, 51.0), (0.0, 51.0), (0.0, 50.0)]]]
NORTH = [[[(0.0, 51.0), (0.5, 51.0), (1.0, 51.0), (1.0, 52.0), (0.0, 52.0), (0.0, 51.0)]]]
EAST = [[[(1.0, 50.0), (2.0, 50.0), (2.0, 52.0), (1.0, 52.0), (1.0, 51.0), (1.0, 50.0)]]]


def test_a_border_is_one_arc_for_both_its_sides():
    found = cut({"A": SQUARE, "B": NORTH, "C": EAST})
    assert found.neighbours() == {("A", "B"), ("A", "C"), ("B", "C")}
    assert sorted(len(arc.users) for arc in found.arcs) == [1, 1, 1, 2, 2, 2]


def test_an_enclave_shares_the_ring_that_has_no_junction_however_it_begins():
    hole = [(0.2, 50.2), (0.8, 50.2), (0.8, 50.8), (0.2, 50.2)]
    inside = [*hole[1:], hole[1]][::-1]
    found = cut({"A": [[SQUARE[0][0], hole]], "B": [[inside]]})
    assert found.neighbours() == {("A", "B")} and len(found.arcs) == 2


def test_a_ring_that_touches_itself_is_cut_where_it_does():
    eight = [(0.0, 0.0), (1.0, 1.0), (2.0, 0.0), (2.0, 2.0), (1.0, 1.0), (0.0, 2.0), (0.0, 0.0)]
    assert {arc.points[0] for arc in cut({"A": [[eight]]}).arcs} == {(1.0, 1.0)}


def test_the_least_triangles_go_first_and_the_ends_stay():
    line = [(0.0, 0.0), (1.0, 2.51), (2.0, 5.0), (3.0, 0.0)]
    assert simpler(line, 0.5) == [line[0], line[2], line[3]]
    assert simpler(line, 99) == [line[0], line[3]]
    assert len(simpler([*ROUND, ROUND[0]], 99)) == 4  # a ring stays a ring


def test_neighbours_on_so_short_a_border_that_it_is_less_than_a_unit_do_not_come_apart():
    near = 51.0000001
    west = [[[(0.0, 50.0), (1.0, 50.0), (1.0, 51.0), (1.0, near), (0.0, 52.0), (0.0, 50.0)]]]
    east = [[[(1.0, 51.0), (2.0, 50.0), (2.0, 52.0), (1.0, near), (1.0, 51.0)]]]
    found = outlined({"W": west, "E": east}, 100)
    assert found.neighbours() == touching(found.paths) == {("E", "W")}


def test_a_speck_of_an_island_goes_unless_there_is_no_other_land():
    speck = [(1.5, 50.5), (1.500001, 50.5), (1.5, 50.500001), (1.5, 50.5)]
    isle = [(1.5, 50.5), (1.53, 50.5), (1.53, 50.52), (1.5, 50.5)]
    assert outlined({"A": [*SQUARE, [speck]]}, 1000).paths["A"].count("M") == 1
    found = outlined({"A": SQUARE, "B": [[isle]]}, 100)
    assert len(points(found.paths["B"])) >= 3


def test_north_is_up_and_both_kinds_of_geometry_are_read():
    shapes = {
        "S": polygons({"type": "Polygon", "coordinates": SQUARE[0]}),
        "N": polygons({"type": "MultiPolygon", "coordinates": NORTH}),
    }
    found = outlined(shapes, 100)
    assert max(y for _, y in points(found.paths["N"])) < 150 < max(y for _, y in points(found.paths["S"]))
    assert found.width == 100 and found.height > 200  # a degree of latitude is longer than one of longitude
