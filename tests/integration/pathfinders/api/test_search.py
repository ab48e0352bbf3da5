"""Search: by code, any name, postcode and slips of spelling, alike in the lists, at search/ and on the page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from consortia.models import ConsortiumParticulars, ConsortiumSuccession
from pathfinders.reads import practices
from pathfinders.reads.finding import CONSORTIA, PARENTS, PATHFINDERS, PRACTICES, narrowed
from pathfinders.reads.search import search
from practices.models import PracticeParticulars
from registry.models import EntryKind
from registry.moment import Moment
from tests import factories as make

DAY = "2012-01-01"


@pytest.fixture
def register(db: None) -> Any:
    """Southwark PCT; two practices, one renamed, one whose name was corrected; Old Group that became New Alliance."""
    pct = make.make_pct("5LE", sha=make.make_sha("Q36", "London"), name="Southwark PCT")
    one = make.make_practice("Z00001", pct=pct, name="FOREST HILL SURGERY", postcode="SE22 9AA")
    two = make.make_practice("Z00002", pct=pct, name="WRONGLY TYPED SURGERY", postcode="SE1 1AA")
    make.make_practice("Z00003", pct=pct, name="OLD MILL", last_day=date(2011, 3, 31))
    with make.writing("rename") as entry:
        entry.set(
            PracticeParticulars, (one.pk,), date(2011, 6, 1), None, ("LORDSHIP LANE", "9 Road", "SE22 9AB", "", 4)
        )
    known = Moment.now().known_at
    with make.writing("correct", EntryKind.CORRECTION) as entry:
        entry.set(
            PracticeParticulars, (two.pk,), make.LONG_AGO, None, ("WALWORTH SURGERY", "1 Road", "SE1 1AA", "", 4)
        )
    old = make.make_consortium("GC0001", name="Old Group", last_day=date(2011, 8, 31))
    new = make.make_consortium("GC0002", name="New Alliance", start=date(2011, 9, 1))
    with make.writing("succeed") as entry:
        entry.set(ConsortiumSuccession, (old.pk, new.pk), date(2011, 9, 1), None, ("merge", None))
        entry.set(ConsortiumParticulars, (new.pk,), date(2012, 6, 1), None, ("Brighter Alliance", ""))
    make.make_pathfinder("PF0001", consortia=[old], name="Southwark First")
    return known


def hits(client: Client, q: str, **query: str) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/search/", {"q": q, "as_of": DAY} | query)
    assert answer.status_code == 200, answer.content
    assert answer.json()["count"] == len(answer.json()["results"])
    return answer.json()["results"]


def told(client: Client, q: str, **query: str) -> list[tuple[str, str, str]]:
    return [(hit["key"], hit["matched_on"], hit["matched"]) for hit in hits(client, q, **query)]


def listed(client: Client, resource: str, q: str, **query: str) -> list[str]:
    rows = client.get(f"/api/v1/{resource}/", {"q": q, "as_of": DAY} | query).json()["results"]
    return [row.get("code") or row["ref"] for row in rows]


def test_each_hit_says_what_it_matched(register: Any, client: Client) -> None:
    assert told(client, "z00001") == [("Z00001", "code", "Z00001")]
    assert told(client, "Z0000", kind="practices")[0] == ("Z00001", "code", "Z00001")
    assert told(client, "lordship") == [("Z00001", "name", "LORDSHIP LANE")]
    assert told(client, "hill forest") == [("Z00001", "former_name", "FOREST HILL SURGERY")]
    assert told(client, "wrongly") == [("Z00002", "former_name", "WRONGLY TYPED SURGERY")]
    assert told(client, "brighter") == [("GC0002", "former_name", "Brighter Alliance")]
    assert told(client, "se229a") == [("Z00001", "postcode", "SE22 9AA")]
    assert told(client, "Wallworth") == [("Z00002", "similar", "WALWORTH SURGERY")]
    assert [key for key, _, _ in told(client, "southwark")] == ["PF0001", "5LE"]
    assert told(client, "southwark", kind="parents") == [("5LE", "name", "Southwark PCT")]
    assert told(client, "%%") == told(client, "zq") == []
    first = hits(client, "forest")[0]
    assert (first["name"], first["in_force"]) == ("LORDSHIP LANE", True)
    assert [h["score"] for h in hits(client, "z00001")] == [1.0] and 0 < first["score"] <= 1


def test_what_has_ended_is_found_and_marked_with_what_followed(register: Any, client: Client) -> None:
    (group,) = hits(client, "old group")
    assert (group["key"], group["in_force"], group["successors"]) == ("GC0001", False, ["GC0002"])
    assert [h["in_force"] for h in hits(client, "old mill")] == [False]
    page = client.get("/search/", {"q": "old group", "as_of": DAY}).content.decode()
    assert "Not open on 1 January 2012</strong>; followed by <a" in page and f"/consortia/GC0002/?as_of={DAY}" in page
    assert "on the day named LORDSHIP LANE" in client.get("/search/", {"q": "forest", "as_of": DAY}).content.decode()


def test_a_list_finds_the_same_and_the_successor_of_what_has_ended(register: Any, client: Client) -> None:
    for q, found in (("forest", ["Z00001"]), ("wrongly", ["Z00002"]), ("se22", ["Z00001"]), ("wallworth", ["Z00002"])):
        assert listed(client, "practices", q) == listed(client, "unaffiliated", q) == found
        page = client.get("/practices/", {"q": q, "as_of": DAY})
        assert [row["code"] for row in page.context["table"].rows] == found
    assert listed(client, "practices", "wallworth surgery") == ["Z00002"], "not every surgery"
    assert listed(client, "practices", "old mill") == ["Z00003"]
    assert listed(client, "consortia", "old group") == listed(client, "consortia", "gc0001") == ["GC0002"]
    assert listed(client, "consortia", "brightest") == ["GC0002"]
    assert listed(client, "pcts", "southwerk") == listed(client, "parents", "5LE") == ["5LE"]
    assert listed(client, "shas", "lond") == ["Q36"] and listed(client, "pathfinders", "pf0001") == ["PF0001"]
    make.make_pct("5XX")
    assert listed(client, "practices", "forest", pct="5XX") == []


def test_a_name_is_found_once_the_register_has_said_it(register: Any, client: Client) -> None:
    before = register.isoformat().replace("+00:00", "Z")
    assert told(client, "walworth", known_at=before) == []
    assert told(client, "wrongly", known_at=before) == [("Z00002", "name", "WRONGLY TYPED SURGERY")]
    assert listed(client, "practices", "walworth", known_at=before) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "q"),
        ({"q": "a"}, "q"),
        ({"q": "a\x00b"}, "q"),
        ({"q": "ab", "kind": "x"}, "kind"),
        ({"q": "ab", "n": "1"}, "n"),
    ],
)
def test_a_bad_question_is_refused_by_name(db: None, client: Client, query: dict[str, str], field: str) -> None:
    answer = client.get("/api/v1/search/", query)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_files_have_the_same_columns(register: Any, client: Client) -> None:
    csv = b"".join(client.get("/api/v1/search/", {"q": "forest", "format": "csv"}).streaming_content).decode()
    assert csv.splitlines()[0] == "kind,key,name,matched,matched_on,score,in_force,successors"


def test_questions_are_answered_from_the_indexes(register: Any, django_assert_max_num_queries: Any) -> None:
    """Shown of the plan with whole reads made dear: in a register this small they would be the cheapest."""
    moment = Moment.now()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for kind, index in (
            (PRACTICES, "practice"),
            (PARENTS, "body"),
            (CONSORTIA, "consortium"),
            (PATHFINDERS, "pathfinder"),
        ):
            names = f"Bitmap Index Scan on {index}particulars_name"
            plan = narrowed(kind.bodies._default_manager.all(), kind, None, moment, "forest").explain()
            assert plan.count(names) >= 2, plan  # what holds the words, and what is like them
        plan = narrowed(practices.rows(None, moment), PRACTICES, None, moment, "SE22").explain()
        assert "practiceparticulars_postcode" in plan and "practices_practice_code" in plan
    with django_assert_max_num_queries(8):
        assert search(None, moment, "walworht surgerry")
    with django_assert_max_num_queries(4):
        assert search(None, moment, "forest")
