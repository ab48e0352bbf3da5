"""The map by outlines that were loaded: the real file's where it is there, else squares of our own."""

import gzip
import json
import xml.etree.ElementTree as ET
from collections import defaultdict
from datetime import UTC, datetime
from math import hypot
from pathlib import Path

import pytest

from pathfinders.mapping import Cell, Stamp, draw, outlines_loaded, standalone
from pathfinders.mapping.drawing import plan_of
from pathfinders.mapping.hexagons import hexagons
from pathfinders.mapping.layout import places
from pathfinders.mapping.plan import Plan
from practices.actions import import_boundaries, load_reference
from registry.models import User
from tests.support.drawn_maps import LAYER, some_cells
from tests.support.drawn_paths import points, touching

Pairs = set[tuple[str, str]]
NOW = datetime(2011, 4, 1, 12, tzinfo=UTC)
STAMP = Stamp(NOW.date(), NOW, "The registry", "Open licence")


@pytest.fixture
def system(db: None) -> User:
    return User.objects.system()


def link(code: str) -> str:
    return f"/pcts/{code}/"


def west_first(plan: Plan) -> list[str]:
    shapes = [shape for part in plan.parts for shape in part.shapes]
    return [s.cell.code for s in sorted(shapes, key=lambda s: min(points(s.path)))]


def squares(path: Path, *codes: str) -> Path:
    """Side by side from the west, in a file of outlines."""
    features = []
    for n, code in enumerate(codes):
        west, east = n - 3, n - 2
        ring = [[west, 52], [east, 52], [east, 53], [west, 53], [west, 52]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"pct_code": code}, "geometry": shape})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def cell(code: str, sha: str = "Q30") -> Cell:
    return Cell(code, f"Trust {code}", sha, "b1", "25 to 50 per cent")


def test_outlines_are_drawn_once_they_are_loaded_and_again_when_they_are_loaded_anew(system: User, tmp_path: Path):
    load_reference(by=system)
    cells = [cell("5E1"), cell("5D9"), cell("5A4", "Q36")]
    assert not outlines_loaded()
    assert plan_of(cells, outlines=True) == hexagons(cells)  # nothing else to draw
    import_boundaries(by=system, path=squares(tmp_path / "outlines_2011.json", "5E1", "5D9"))
    assert outlines_loaded()
    first = plan_of(cells, outlines=True)
    assert west_first(first) == ["5E1", "5D9"]
    assert first.below == [cells[2]]
    page = draw(cells, LAYER, outlines=True, link=link)
    assert ET.fromstring(page).findall(".//li/a[@href='/pcts/5A4/']")[0].text == "Trust 5A4: 25 to 50 per cent"
    import_boundaries(by=system, path=squares(tmp_path / "outlines_2011.json", "5D9", "5E1"))
    assert west_first(plan_of(cells, outlines=True)) == ["5D9", "5E1"]


def test_a_new_code_and_the_trusts_of_before_a_merger_stand_where_their_kin_does(system: User, tmp_path: Path):
    load_reference(by=system)
    middle = {code: place.middle for code, place in places().items()}
    after = hexagons([cell("5QW"), cell("5CC")])
    assert {s.cell.code: s.at for part in after.parts for s in part.shapes} == {
        "5QW": middle["TAM"],
        "5CC": middle["TAP"],
    }
    halves = [s for part in hexagons([cell("5P3"), cell("5P4")]).parts for s in part.shapes]
    assert [s.cell.code for s in halves] == ["5P3", "5P4"]
    assert touching({s.cell.code: s.path for s in halves}) == {("5P3", "5P4")}
    crowd = hexagons([cell("5P3"), cell("5P4"), cell("5QV"), cell("5ZZ")])
    assert [c.code for c in crowd.below] == ["5P4", "5ZZ"] and len(crowd.empty) == 150
    import_boundaries(by=system, path=squares(tmp_path / "outlines_2011.json", "TAM", "5QV"))
    drawn = plan_of([cell("5QW"), cell("5P3"), cell("5P4")], outlines=True)
    assert {s.cell.code for part in drawn.parts for s in part.shapes} == {"5QW", "5P3"}
    assert [c.code for c in drawn.below] == ["5P4"]
    assert [c.code for c in plan_of([cell("5P3"), cell("5QV")], outlines=True).below] == ["5P3"]


def shared_arcs(path: Path) -> Pairs:
    """The file's own word: two outlines that name the same arc."""
    users = defaultdict(set)
    for shape in json.loads(path.read_text())["objects"]["pctboundaries"]["geometries"]:
        for polygon in [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]:
            for number in (n for ring in polygon for n in ring):
                users[max(number, ~number)].add(shape["properties"]["pct_code"])
    return {(min(pair), max(pair)) for pair in users.values() if len(pair) == 2}


@pytest.mark.realdata
def test_the_real_outlines_draw_all_151_beside_their_neighbours(real_data: Path, system: User):
    path = real_data / "boundaries" / "pct_2011_labelled_topo.json"
    load_reference(by=system)
    assert import_boundaries(by=system, path=path).new == 151
    pairs, cells = shared_arcs(path), some_cells()
    plan = plan_of(cells, outlines=True)
    assert not plan.below and not plan.empty
    london = plan.parts[-1]
    assert len(london.shapes) == len(plan.seen) == 31 and {s.cell.sha for s in london.shapes} == {"Q36"}
    inset = {s.cell.code: s.path for s in london.shapes}
    main = {s.cell.code: s.path for s in [*plan.seen, *(s for part in plan.parts[:-1] for s in part.shapes)]}
    assert len(main) == 151 and len(pairs) == 381
    assert touching(main) == pairs
    assert touching(inset) == {pair for pair in pairs if set(pair) <= inset.keys()}
    page = draw(cells, LAYER, outlines=True, link=link)
    linked = [a.get("href") for a in ET.fromstring(page).iter("a") if a.find("title") is not None]
    assert sorted(linked) == sorted(link(c.code) for c in cells)
    assert len(gzip.compress(page.encode())) < 60_000
    ET.fromstring(standalone(cells, LAYER, outlines=True, stamp=STAMP))
    _hexagons_keep(pairs, {code: _centre(path) for code, path in main.items()})


def _hexagons_keep(pairs: Pairs, centres: dict[str, tuple[float, float]]) -> None:
    """69 of 100 neighbours touch (hexagons have six, North Yorkshire has eleven), and 90 lie within 60 degrees of the
    direction in which they are: what was reached when they were laid out, not to be lost by moving one."""
    shapes = [shape for part in hexagons(some_cells()).parts for shape in part.shapes]
    assert len(pairs & touching({s.cell.code: s.path for s in shapes})) >= 264
    laid = {s.cell.code: s.at for s in shapes}
    cosines = []
    for a, b in pairs:
        (ax, ay), (bx, by) = ((q[0] - p[0], q[1] - p[1]) for p, q in ((centres[a], centres[b]), (laid[a], laid[b])))
        cosines.append((ax * bx + ay * by) / hypot(ax, ay) / hypot(bx, by))
    assert sum(cosine >= 0.5 for cosine in cosines) >= 0.9 * len(pairs)


def _centre(path: str) -> tuple[float, float]:
    """Of the box around it."""
    xs, ys = zip(*points(path), strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
