"""Sizes of pathfinders and shares of SHAs; the picture that stands alone."""

from __future__ import annotations

import csv
import io
import re
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.test import Client

from pathfinders.reads.coverage import coverage
from pathfinders.reads.glance import glance
from pathfinders.reads.sizes import BANDS, shares, sizes
from registry.moment import Moment
from tests import factories as make
from tests import programme as told
from tests.desk import text_of
from tests.support.eight_practices import APRIL_2011

DAY = "as_of=2011-04-01"


@pytest.fixture
def moment(england: SimpleNamespace) -> Moment:
    return make.at(APRIL_2011)


def test_pathfinders_by_size(moment: Moment) -> None:
    found = sizes(None, moment)
    assert (found.pathfinders, found.smallest, found.middle, found.largest) == (2, 4000, 5500, 7000)
    assert found.bands == [(0, 25_000, 2, 6, 11000, 100.0)]
    assert [least for least, _ in BANDS[1:]] == [below for _, below in BANDS[:-1]], "no size between two bands"
    of_one = sizes(None, moment, wave=2)
    assert (of_one.pathfinders, of_one.largest) == (1, 4000)
    assert sizes(None, moment, wave=9).pathfinders == 0


def test_shares_are_those_of_coverage(moment: Moment) -> None:
    rows = coverage(None, moment, by="sha")
    assert [(s.code, s.practices, s.people, s.registered, s.percent) for s in shares(None, moment)] == [
        (r["key"], r["practices"], r["people"], r["denominator"]["value"], r["percent"]) for r in rows
    ]
    assert [(s.pathfinders, s.people) for s in shares(None, moment)] == [(2, 7000), (0, 0)]
    assert [(s.pathfinders, s.people) for s in shares(None, moment, wave=2)] == [(1, 4000), (0, 0)]


@pytest.fixture
def released(db: None) -> None:
    """Wave 1, of one pathfinder with 3,000 people."""
    who = told.people()
    pct = make.make_pct("5LE", sha=make.make_sha("Q36"))
    wave = told.wave(who, 1)
    told.decided(who, wave, [make.make_practice(pct=pct, patients=1000 * n) for n in (1, 2)])
    told.release(who, wave)


@pytest.mark.parametrize("path", ["/waves/", "/waves/1/"])
def test_tables_with_bars_and_their_files(released: None, client: Client, path: str) -> None:
    day = f"as_of={told.ANNOUNCED_ON}"
    page = text_of(client.get(f"{path}?{day}"))
    for name in ("sizes.csv", "shas.csv"):
        assert f'href="{path}{name}?{day}"' in page
    assert '<rect class="site-bar__part"' in page and "style=" not in page
    file = client.get(f"{path}shas.csv?{day}")
    rows = list(csv.DictReader(io.StringIO(text_of(file))))
    assert [(r["code"], r["people"], r["percent"]) for r in rows] == [("Q36", "3000", "100.0")] and "3,000" in page
    bands = list(csv.DictReader(io.StringIO(text_of(client.get(f"{path}sizes.csv?{day}")))))
    assert [(b["people_from"], b["pathfinders"]) for b in bands] == [("0", "1")]


def test_a_wave_that_is_not_released_has_no_files(england: SimpleNamespace, client: Client) -> None:
    for name in ("sizes.csv", "shas.csv"):
        assert client.get(f"/waves/3/{name}").status_code == 404


def test_the_picture_says_what_it_shows_of_when_and_from_where(england: SimpleNamespace, client: Client) -> None:
    answer, file = (client.get(f"/waves/so-far.{form}?{DAY}") for form in ("svg", "csv"))
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.get("Cache-Control") == file.get("Cache-Control") and not answer.cookies
    drawn = ElementTree.fromstring(text_of(answer))
    words = " ".join("".join(drawn.itertext()).split())
    shown = glance(None, make.at(APRIL_2011)).waves
    for wave in shown:
        assert f"By wave {wave.number}:" in words and f"{wave.people:,} ({wave.percent}%)" in words
    for said in ("As at 1 April 2011", "as known on", "Source: ", "/waves/so-far.svg?as_of=2011-04-01&known_at="):
        assert said in words, said
    assert "style" not in text_of(answer) and "<script" not in text_of(answer)
    page = text_of(client.get(f"/?{DAY}"))
    assert "Cite or embed this picture" in page and "&lt;img src=" in page


def test_the_picture_at_its_own_address_never_changes(england: SimpleNamespace, client: Client) -> None:
    found = re.search(r"/waves/so-far\.svg\?as_of=[^\"&]+&amp;known_at=[^\"&<]+", text_of(client.get(f"/?{DAY}")))
    assert found
    address = found[0].replace("&amp;", "&")
    before = client.get(address).content
    make.make_wave(3, APRIL_2011)
    group = make.make_consortium("GC0009")
    make.make_membership(england.practices[5], group)
    make.make_pathfinder("PF0009", consortia=[group], name="Third", wave=3, announced_on=APRIL_2011)
    assert client.get(address).content == before
    assert client.get(f"/waves/so-far.svg?{DAY}").content != before


def test_before_the_first_wave_there_is_a_picture_that_says_so(db: None, client: Client) -> None:
    answer = client.get("/waves/so-far.svg")
    assert answer.status_code == 200 and "No wave had been released" in text_of(answer)
    assert "Cite or embed" not in text_of(client.get("/"))
