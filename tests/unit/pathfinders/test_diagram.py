"""The drawing of the states says what the table says. No database."""

import xml.etree.ElementTree as ET

from pathfinders.diagram import BENDS, CENTRES, arrows, drawing
from pathfinders.states import BidState, moves

SVG = "{http://www.w3.org/2000/svg}"


def test_every_state_has_a_box_and_every_move_an_arrow():
    root = ET.fromstring(drawing())
    said = "".join(root.itertext())
    assert set(CENTRES) == set(BidState)
    assert len(root.findall(f"{SVG}rect")) == len(BidState)
    assert all(word in said for state in BidState for word in str(state.label).split())
    lines = [p for p in root.findall(f"{SVG}path") if p.get("marker-end")]
    assert len(lines) == len(arrows()) == len(moves())
    assert sorted((a.start.value, a.end.value) for a in arrows()) == moves()


def test_no_bend_is_left_over_from_a_move_that_is_gone():
    assert {(str(a), str(b)) for a, b in BENDS} <= set(moves())


def test_nothing_lies_outside_the_drawing():
    for element in ET.fromstring(drawing()).iter():
        for name, most in (("cx", 960), ("cy", 500), ("x", 960), ("y", 500)):
            assert 0 <= float(element.get(name, 0)) <= most
