"""The national board and its map: one set of figures as a drawing, a table and a file; filters, dates, what is unknown."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from datetime import date
from html import unescape
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consortia.models import Consortium
from pathfinders.reads.layers import SHOWN
from practices.models import BodySuccession, ParentBody, Practice
from registry.models import User
from tests import factories as make
from tests import programme as told
from tests.desk import text_of
from tests.support.board_page import agreeing, drawn, figures, get, rows
from tests.support.trusts import APRIL, CUMBRIA, OXFORDSHIRE, SOUTHWARK, handed_over
from transitions.actions import Source, set_stage

DAY, BEFORE = "as_of=2011-05-15", "as_of=2010-09-01"
MOST_STATEMENTS = 12
MOST_BYTES = 60_000

build_world = handed_over


@pytest.mark.parametrize("show", SHOWN)
def test_the_drawing_the_table_and_the_file_agree_cell_by_cell(in_world: SimpleNamespace, show: str) -> None:
    for day in (DAY, BEFORE):
        page = get(f"/transitions/?show={show}&{day}")
        file = figures(show, day)
        assert agreeing(page, file, show) == 151
        key = dict(re.findall(r"<span>([^<]*): <b>(\d+)</b></span>", page))
        counted = Counter(row["class"] for row in file.values())
        assert {unescape(k): int(n) for k, n in key.items() if int(n)} == counted, "the key counts what is drawn"
        assert len(counted) > 1 or day == BEFORE
        assert len(gzip.compress(page.encode())) < MOST_BYTES


def test_unknown_is_a_class_of_its_own_and_in_no_no(in_world: SimpleNamespace) -> None:
    stage, budget, coverage, left_out = (figures(show, DAY) for show in ("stage", "budget", "coverage", "left_out"))
    assert Counter(row["class"] for row in stage.values()) == {
        "Not known": 149,
        "Shadow form": 1,
        "Partial delegation": 1,
    }
    assert budget[CUMBRIA]["class"] == "None" and budget[SOUTHWARK]["class"] == "Not known"
    assert (budget[SOUTHWARK]["figure"], budget[CUMBRIA]["words"]) == ("", "0.0% of the eligible budget")
    assert coverage[SOUTHWARK]["class"] == "None" and coverage[CUMBRIA]["class"] == "Not known", "without a practice"
    assert (left_out[OXFORDSHIRE]["words"], left_out[CUMBRIA]["class"]) == ("2 of 4 practices", "Not known")
    page = " ".join(re.sub(r"<[^>]+>", " ", get(f"/transitions/?{DAY}")).split())
    assert "Hand-over begun 2 of 2 trusts of which the stage is known" in page
    assert "Stage not known 149 of 151 trusts; not counted as a no" in page


def test_what_only_rounds_to_all_or_none_is_in_neither(in_world: SimpleNamespace) -> None:
    group = Consortium.objects.get(ref="GC0001")
    for code, inside, outside in (("5QV", 1_000_000, 100), (CUMBRIA, 100, 1_000_000)):
        trust = ParentBody.objects.get(code=code)
        make.make_membership(make.make_practice(pct=trust, patients=inside), group, APRIL)
        make.make_practice(pct=trust, patients=outside)
    found = figures("coverage", DAY)
    assert (found["5QV"]["words"], found["5QV"]["class"]) == ("100.0% of people", "75% to under 100%")
    assert (found[CUMBRIA]["words"], found[CUMBRIA]["class"]) == ("0.0% of people", "Under 25%")


def test_filters_narrow_the_table_and_the_map_stays_whole(in_world: SimpleNamespace) -> None:
    for asked, codes in (
        ("stage=unknown&sha=Q36&q=southwark", [SOUTHWARK]),
        ("stage=shadow_form", [OXFORDSHIRE]),
        ("behind=true", [OXFORDSHIRE]),
        ("postcode=OX4", [OXFORDSHIRE]),
        ("postcode=se1+1aa", [SOUTHWARK]),
        ("postcode=cowley", [OXFORDSHIRE]),
        ("postcode=ox", []),
        ("evidence_before=2011-02-03", [CUMBRIA]),
        ("evidence_before=2011-05-15&ordering=evidence_date", [CUMBRIA, OXFORDSHIRE]),
    ):
        page = get(f"/transitions/?show=coverage&{asked}&{DAY}")
        assert [row["Code"] for row in rows(page)] == codes if codes else "0 trusts" in page, asked
        assert len(drawn(page)) == 151 and "The map shows every trust" in page
        api = Client().get(f"/api/v1/transitions/?{asked}&{DAY}").json()
        assert [row["code"] for row in api["results"]] == codes
    assert "The map shows every trust" not in get(f"/transitions/?{DAY}")
    assert [row["Code"] for row in rows(get(f"/transitions/?ordering=-stage&{DAY}"))][:2] == [CUMBRIA, OXFORDSHIRE]
    assert (
        "Near-total delegation: 30 April 2011, moved later once Behind plan"
        in rows(get(f"/transitions/?behind=true&{DAY}"))[0]["Planned next"]
    )


def test_what_is_shown_is_carried_by_every_control(in_world: SimpleNamespace) -> None:
    page = get(f"/transitions/?show=budget&drawing=outlines&q=ox&ordering=-name&{DAY}")
    dates, filters = (
        page.split(f'<form class="{name}"')[1].split("</form>")[0] for name in ("site-dates", "site-filters")
    )
    for form, names in (
        (dates, {"show", "drawing", "q", "ordering"}),
        (filters, {"show", "drawing", "ordering", "as_of"}),
    ):
        assert names <= set(re.findall(r'<input type="hidden" name="(\w+)"', form))
    sort = re.search(r'<a class="site-sort" href="([^"]*)">Code', page)
    clear = re.search(r'href="([^"]*)">Clear filters', page)
    assert sort and clear
    for part in ("show=budget", "drawing=outlines", "as_of=2011-05-15"):
        assert part in sort[1] and part in clear[1]
    assert "q=ox" in sort[1] and "q=ox" not in clear[1]


@pytest.mark.parametrize("show", SHOWN)
def test_trusts_that_ended_stand_as_closed_with_the_day_and_who_followed(in_world: SimpleNamespace, show: str) -> None:
    with make.writing() as entry:
        trust, group = (ParentBody.objects.get(code=code).pk for code in (OXFORDSHIRE, "10Q"))
        entry.set(BodySuccession, (trust, group), date(2013, 4, 1), None, ("transfer", None, None))
    for day in ("as_of=2013-04-01", "as_of=2020-01-01"):
        page, file = get(f"/transitions/?show={show}&{day}"), figures(show, day)
        assert agreeing(page, file, show) == 151
        assert {(row["class"], row["words"]) for row in file.values()} == {("Closed", "Closed after 31 March 2013")}
        assert "<span>Closed: <b>151</b></span>" in page and "No such trust on the day: <b>0</b>" in page
        assert "Closed: 151" in get(f"/transitions/map.svg?show={show}&{day}")
        row = next(row for row in rows(page) if row["Code"] == OXFORDSHIRE)
        assert (row["Followed by"], row["Stage"], row["SHA"]) == ("Oxfordshire", row["Stage"], "South Central")
        assert row["Evidence"] == "Shadow form on its last day: Board paper (3 February 2011)"
        assert "all 151 that were there on 12 July 2010 or since have closed" in page and "Hand-over begun" not in page
        assert f'href="/transitions/?show={show}&amp;as_of=2013-03-31"' in page
        assert f'href="/transitions/crosswalk/?{day}"' in page
    before = get(f"/transitions/?show={show}&as_of=2013-03-31")
    assert len(drawn(before)) == 151 and "Followed by" not in before
    assert show == "stage" or "<span>Closed: " not in before
    assert 'id="map"' not in get("/?as_of=2013-04-01"), "of people in pathfinders there is no more to show"


def test_the_api_counts_who_closed_beside_who_lives_and_parts_them(in_world: SimpleNamespace) -> None:
    def ask(**asked: str) -> dict[str, Any]:
        return Client().get("/api/v1/transitions/", {"page_size": "200", **asked}).json()

    gone, last = ask(as_of="2013-04-02"), ask(as_of="2013-03-31")
    assert (gone["count"], last["count"]) == (151, 151)
    assert {(r["closed"], r["stage"], r["since"]) for r in gone["results"]} == {("2013-03-31", "closed", "2013-04-01")}
    assert {row["closed"] for row in last["results"]} == {None}
    told = {"name", "sha"}
    assert [{k: r[k] for k in told} for r in gone["results"]] == [{k: r[k] for k in told} for r in last["results"]]
    assert ask(as_of="2013-04-02", closed="false")["count"] == ask(as_of="2013-03-31", closed="true")["count"] == 0
    assert ask(as_of="2013-04-02", closed="true", stage="closed", sha="Q36")["count"] == 31
    one = Client().get(f"/api/v1/transitions/{OXFORDSHIRE}/?as_of=2013-04-02").json()["result"]
    assert (one["closed"], one["evidence"], one["begun"]) == ("2013-03-31", None, True)
    assert [said["stage"] for said in one["also_said"]] == ["shadow_form"], "of its last day, by the best evidence"
    silent = Counter((row["begun"], len(row["also_said"])) for row in gone["results"])
    assert silent == Counter((row["begun"], int(row["stage"] is not None)) for row in last["results"])
    file = b"".join(Client().get("/api/v1/transitions/?as_of=2013-04-02&format=csv")).decode()
    assert file.count(",closed,Closed,") == 151


def test_the_page_of_a_closed_trust_says_so_with_its_last_stage_and_who_followed(in_world: SimpleNamespace) -> None:
    def told(path: str) -> str:
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", get(path).split("<main")[1])).split())

    after, before = (told(f"/pcts/{OXFORDSHIRE}/?as_of={day}") for day in ("2013-04-02", "2013-03-31"))
    assert "Oxfordshire closed; 31 March 2013 was its last day." in after and "closed;" not in before
    assert "Who followed it is not known to this register. From 1 April 2013 clinical commissioning groups" in after
    assert "Stage on its last day, 31 March 2013 Shadow form all but <one> Evidence of that Board paper" in after
    assert after.index("Handing over to GPs") < after.index("Budgets in 2012/13"), "what became of it comes first"
    silent = told(f"/pcts/{SOUTHWARK}/?as_of=2013-04-02")
    assert "Stage on its last day, 31 March 2013 Not known : nothing in this register says" in silent
    with make.writing() as entry:
        trust, group = (ParentBody.objects.get(code=code).pk for code in (OXFORDSHIRE, "10Q"))
        entry.set(BodySuccession, (trust, group), date(2013, 4, 1), None, ("transfer", None, None))
    assert "Followed by Oxfordshire (10Q) ." in told(f"/pcts/{OXFORDSHIRE}/?as_of=2013-04-02")
    assert "ended; 14 April 2011 was its last day. The register" in told("/pcts/TAM/?as_of=2011-04-15")


def test_a_trust_that_another_followed_stands_in_it(in_world: SimpleNamespace) -> None:
    """Solihull was TAM to 14 April 2011 and 5QW from then on: one place on the map, on every day one trust."""
    for day, there, gone in (("2011-04-14", "TAM", "5QW"), ("2011-04-15", "5QW", "TAM"), ("2013-04-01", "5QW", "TAM")):
        found = figures("stage", f"as_of={day}")
        assert len(found) == 151 and there in found and gone not in found
    with make.writing() as entry:
        taken = BodySuccession.objects.current().get(predecessor__code="TAM")
        entry.clear(BodySuccession, (taken.predecessor_id, taken.successor_id), None, None)
    found = figures("stage", "as_of=2011-04-15")
    assert (len(found), found["TAM"]["words"]) == (152, "Closed after 14 April 2011"), (
        "nobody is known to have followed"
    )
    page = get("/transitions/?as_of=2011-04-15")
    assert "1 of the trusts below has closed by 15 April 2011" in page
    assert "of 151 trusts; not counted as a no" in page
    assert next(row for row in rows(page) if row["Code"] == "TAM")["Followed by"] == "Not known"


def test_a_strange_word_is_refused_by_page_picture_and_file(in_world: SimpleNamespace) -> None:
    for path in ("", "map.svg", "map.csv"):
        for asked in ("show=stages", "drawing=crayon"):
            if (path, asked) == ("map.csv", "drawing=crayon"):
                continue
            assert asked.split("=")[0] + " must be one of" in get(f"/transitions/{path}?{asked}", 400)


def test_few_statements_are_asked(in_world: SimpleNamespace) -> None:
    for asked in ("", *(f"show={show}&q=ox&ordering=-stage" for show in SHOWN)):
        path = f"/transitions/?{asked}&{DAY}"
        get(path)
        with CaptureQueriesContext(connection) as statements:
            get(path)
        assert len(statements) <= MOST_STATEMENTS, (asked, len(statements))


def test_the_picture_is_stamped_and_at_its_own_address_never_changes(in_world: SimpleNamespace) -> None:
    page = get(f"/transitions/?show=stage&{DAY}")
    assert "Cite or embed this picture" in page
    found = re.search(r"&lt;img src=\"http://[^/]*(/transitions/map\.svg\?[^\"]*)\"", page)
    assert found
    address = unescape(found[1])
    assert "show=stage" in address and "as_of=2011-05-15" in address and "known_at=" in address
    answer = Client().get(address)
    before = text_of(answer)
    growth = Client().get(f"/waves/so-far.svg?{DAY}")
    assert answer["Content-Type"].startswith("image/svg+xml") and not answer.cookies
    assert answer.get("Cache-Control") == growth.get("Cache-Control") and answer.get("ETag") == growth.get("ETag")
    words = " ".join(ElementTree.fromstring(before).itertext())
    for said in ("As of 15 May 2011, as known at", "Source: ", "Open Government Licence", "Oxfordshire: Shadow form"):
        assert said in words
    assert "/transitions/?show=stage&as_of=2011-05-15&known_at=" in words and "style" not in before
    paper = Source("document", "A later paper", said_on=APRIL)
    set_stage(
        by=User.objects.system(),
        pct=ParentBody.objects.get(code=SOUTHWARK),
        stage="in_talks",
        on=APRIL,
        source=paper,
    )
    assert text_of(Client().get(address)) == before
    assert "Southwark: In talks" in get(f"/transitions/map.svg?{DAY}")


def test_home_has_the_map_of_coverage_and_stays_light(in_world: SimpleNamespace) -> None:
    page = get(f"/?{DAY}")
    assert drawn(page) == drawn(get(f"/transitions/?show=coverage&{DAY}"))
    assert "Skip map" in page and f'href="/transitions/?show=coverage&amp;{DAY}"' in page
    assert len(gzip.compress(page.encode())) < MOST_BYTES
    with CaptureQueriesContext(connection) as statements:
        get(f"/?{DAY}")
    assert len(statements) <= 5, "four, and one for the trusts"


def test_nothing_unreleased_changes_the_map(in_world: SimpleNamespace) -> None:
    paths = [f"/transitions/{path}?show=coverage&{DAY}" for path in ("", "map.csv", "map.svg")] + [f"/?{DAY}"]
    who = told.people()

    def maps() -> list[object]:
        page, *others = (get(path) for path in paths)
        return [drawn(page), others[0], re.sub(r"As of .*?<|known_at=[^<&\"]*", "", others[1]), drawn(others[2])]

    before = maps()
    wave = told.wave(who)
    practice = Practice.objects.get(pk=in_world.left)
    bid = told.assessed(who, [practice], name="Secret Group", as_at=told.ANNOUNCED_ON)
    told.decide(who, bid, wave, decided_on=told.ANNOUNCED_ON)
    assert maps() == before
    assert all("Secret" not in get(path) for path in paths)
