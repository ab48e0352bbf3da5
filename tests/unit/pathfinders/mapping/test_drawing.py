"""The map as it stands in a page, and alone. No database: every code has its hexagon."""

import gzip
import re
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from pathfinders.mapping import ENDED, SLOTS, UNKNOWN, Cell, Klass, Layer, Stamp, draw, spread, standalone
from pathfinders.mapping.paint import PAINTS
from tests.support.drawn_maps import LAYER, some_cells

SVG = "{http://www.w3.org/2000/svg}"
STAMP = Stamp(
    date(2011, 4, 1), datetime(2011, 5, 2, 9, 30, tzinfo=UTC), "The registry", "Open licence", "https://x/y?a=1&b=2"
)


def link(code: str) -> str:
    return f"/pcts/{code}/?as_of=2011-04-01&layer=coverage"


def drawn(cells: list[Cell], layer: Layer = LAYER) -> ET.Element:
    return ET.fromstring(draw(cells, layer, outlines=False, link=link))


def test_every_trust_is_a_link_with_its_name_and_its_value_and_its_class():
    cells = some_cells()
    links = {a.get("href"): a for a in drawn(cells).iter("a") if a.find("title") is not None}
    assert links.keys() == {link(cell.code) for cell in cells} and len(links) == 151
    for cell in cells:
        one = links[link(cell.code)]
        assert one.findtext("title") == f"{cell.name}: {cell.value_words}"
        assert one.find("path").get("fill") == f"url(#map-coverage-{LAYER.klass(cell.klass).slot})"
        assert one.find("text").get("aria-hidden") == "true"


def test_the_key_counts_what_is_drawn_unknown_apart_and_absent_apart():
    cells = some_cells()[:-3]
    key = [" ".join("".join(li.itertext()).split()) for li in drawn(cells).iter("li")]
    counted = Counter(cell.klass for cell in cells)
    assert key == [f"{k.label}: {counted[k.key]}" for k in LAYER.classes] + ["No such trust on the day: 3"]
    assert sum(int(line.rsplit(" ", 1)[1]) for line in key) == 151


def test_what_a_name_holds_is_only_text():
    odd = some_cells()[0]._replace(name='Bath & NE <x> "y"', value_words="<b>")
    text = draw([odd], LAYER, outlines=False, link=link)
    assert "<x>" not in text and "<b>&lt;" not in text
    assert [t.text for t in ET.fromstring(text).iter("title")] == ['Bath & NE <x> "y": <b>']


def test_the_page_part_has_no_inline_style_or_script_and_a_way_past_the_links():
    text = draw(some_cells(), LAYER, outlines=False, link=link)
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=", text)
    root = ET.fromstring(text)
    first = next(root.iter("a"))
    assert first.text == "Skip map" and any(e.get("id") == first.get("href")[1:] for e in root.iter())
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    named = set(re.findall(r"url\(#([^)]+)\)", text))
    assert named <= set(ids)
    assert len(gzip.compress(text.encode())) < 10_000


def test_each_border_between_authorities_is_drawn_and_none_inside_one():
    cells = some_cells()
    every = ET.fromstring(draw(cells, LAYER, outlines=False, link=link))
    one = ET.fromstring(draw([c._replace(sha="Q30") for c in cells], LAYER, outlines=False, link=link))
    sides = [next(g for g in r.iter("g") if g.get("class") == "site-map__borders")[0].get("d") for r in (every, one)]
    assert sides[0].count("M") > sides[1].count("M") > 60
    casing = next(g for g in every.iter("g") if g.get("class") == "site-map__casing")
    assert (casing.get("stroke"), casing[0].get("d")) == ("#ffffff", sides[0]), "seen on the darkest class as well"
    assert set(re.findall("M[^M]+", sides[1])) <= set(re.findall("M[^M]+", sides[0]))


def test_a_class_that_the_layer_lacks_is_refused():
    with pytest.raises(ValueError, match="has no class b9"):
        draw([some_cells()[0]._replace(klass="b9")], LAYER, outlines=False, link=link)
    with pytest.raises(ValueError, match="slot"):
        Klass("x", "X", ENDED + 1)


def test_a_scale_is_spread_over_all_the_colours():
    assert [spread(n) for n in (1, 2, 3, 11)] == [[1], [1, 11], [1, 6, 11], list(range(1, 12))]
    with pytest.raises(ValueError, match="1 to 11"):
        spread(12)


def _light(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(a: str, b: str) -> float:
    low, high = sorted((_light(a), _light(b)))
    return (high + 0.05) / (low + 0.05)


def test_letters_can_be_read_patterns_seen_and_each_step_is_darker_than_the_one_before():
    for slot, paint in PAINTS.items():
        assert _contrast(paint.words, paint.paper) >= 4.5, slot
        assert slot == UNKNOWN or _contrast(paint.ink, paint.paper) >= 2.2, slot
    papers = [_light(PAINTS[n].paper) for n in range(1, SLOTS + 1)]
    assert papers == sorted(papers, reverse=True)
    assert len({(p.strokes, p.tile, p.width) for p in PAINTS.values()}) == len(PAINTS)


def test_the_picture_that_stands_alone_says_what_it_is_of():
    cells = some_cells()
    text = standalone(cells, LAYER, outlines=False, stamp=STAMP)
    root = ET.fromstring(text)
    said = [t.text for t in root.iter(f"{SVG}text")]
    assert root.findtext(f"{SVG}title") == LAYER.title
    assert "As of 1 April 2011, as known at 2 May 2011, 09:30 (UTC)" in said
    assert {"Source: The registry", "Licence: Open licence", "https://x/y?a=1&b=2"} <= set(said)
    assert {f"{c.name}: {c.value_words}" for c in cells} <= {t.text for t in root.iter(f"{SVG}title")}
    assert any(line == "No such trust on the day: 0" for line in said)
    assert "<style" not in text and " style=" not in text and "<a " not in text
    height = float(root.get("viewBox").split()[3])
    assert all(float(e.get("y", 0)) < height for e in root.iter(f"{SVG}text"))
    links = standalone(cells, LAYER, outlines=False, stamp=STAMP, link=lambda code: f"https://x/{code}")
    assert links.count('<a href="https://x/') == 151
