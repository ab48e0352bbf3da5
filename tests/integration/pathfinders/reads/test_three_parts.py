"""In a pathfinder, in a consortium only, in neither: three parts that make the whole, each the rows it links to."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from pathfinders.reads import practices
from pathfinders.reads.coverage import coverage
from pathfinders.reads.three_parts import PARTS, three_parts
from registry.moment import Moment
from tests import factories as make
from tests.desk import text_of
from tests.support.eight_practices import APRIL_2011


@pytest.fixture
def moment(england: SimpleNamespace) -> Moment:
    return make.at(APRIL_2011)


AREAS = ({}, {"sha": "Q36"}, {"sha": "Q37"}, {"pct": "5AA"}, {"pct": "5BB"}, {"pct": "TAC"})


def test_each_practice_is_in_one_part(moment: Moment) -> None:
    found = three_parts(None, moment)
    assert [(p.scope, p.practices, p.people) for p in found.parts] == [
        ("pathfinder", 4, 7000),
        ("consortium_only", 1, 6000),
        ("none", 1, 5000),
    ]
    assert (found.whole.practices, found.whole.people, found.without_list) == (6, 18000, 1)
    assert [p.practice_percent for p in found.parts] == [66.7, 16.7, 16.7]
    assert (found.whole.practice_percent, found.whole.people_percent) == (100.0, 100.0)


@pytest.mark.parametrize("area", AREAS, ids=str)
def test_the_parts_make_the_whole_and_are_the_rows_they_link_to(moment: Moment, area: dict[str, str]) -> None:
    found = three_parts(None, moment, **area)
    assert sum(p.practices for p in found.parts) == found.whole.practices
    assert sum(p.people for p in found.parts) == found.whole.people
    for part in [*found.parts, found.whole]:
        asked = {"eligible": "true", **({"scope": part.scope} if part.scope else {}), **area}
        rows = practices.Filters(asked, practices.rows(None, moment), moment=moment)
        assert rows.is_valid()
        sizes = [row["list_size"] for row in rows.qs]
        assert (len(sizes), sum(size or 0 for size in sizes)) == (part.practices, part.people), part.scope


@pytest.mark.parametrize(("by", "area"), [("national", ""), ("sha", "Q36"), ("pct", "5BB")])
def test_they_agree_with_coverage(moment: Moment, by: str, area: str) -> None:
    found = three_parts(None, moment, **({by: area} if area else {}))
    key = area or "England"
    inside = next(row for row in coverage(None, moment, by=by) if row["key"] == key)
    either = next(row for row in coverage(None, moment, by=by, scope="consortium") if row["key"] == key)
    parts = {p.scope: p for p in found.parts}
    assert (inside["practices"], inside["people"]) == (parts["pathfinder"].practices, parts["pathfinder"].people)
    both = parts["pathfinder"], parts["consortium_only"]
    assert either["practices"] == sum(p.practices for p in both)
    assert either["people"] == sum(p.people for p in both)
    assert inside["denominator"]["value"] == found.whole.people


def test_pages_show_the_three_with_links_to_the_rows(england: SimpleNamespace, client: Client) -> None:
    for path, area in (("/", ""), ("/waves/", ""), ("/shas/Q36/", "&amp;sha=Q36"), ("/pcts/5BB/", "&amp;pct=5BB")):
        words = text_of(client.get(f"{path}?as_of=2011-04-01"))
        assert "style=" not in words
        for scope, name in PARTS.items():
            assert name in words, path
            assert f'href="/practices/?as_of=2011-04-01&amp;eligible=true&amp;scope={scope}{area}"' in words, path
    assert "In neither" not in text_of(client.get("/pcts/5BB/?as_of=1999-01-01"))


def test_the_data_page_lists_each_denominator(england: SimpleNamespace, client: Client) -> None:
    words = text_of(client.get("/data/?as_of=2011-04-01"))
    for said in ("registered-2011Q1", "18,000", "1 April 2011", "ONS-2009-resident", "51,800,000", "30 June 2009"):
        assert said in words, said
    assert "Office for National Statistics" in words
