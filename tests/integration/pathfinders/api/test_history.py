"""history=1 and history=all over HTTP: fields, filters, order, pages and downloads of spells."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from consortia.models import Consortium
from tests.factories import make_membership, make_pct, make_practice
from tests.support.small_register import small_register

pytestmark = pytest.mark.django_db
CLOCKS = ["effective_from", "effective_to", "recorded_from", "recorded_to"]


@pytest.fixture(autouse=True)
def register(db: None) -> None:
    small_register()


def asked(name: str, **query: Any) -> dict[str, Any]:
    answer = Client().get(f"/api/v1/{name}/", {"history": "1", **query})
    assert answer.status_code == 200, answer.content
    return answer.json()


def spells(name: str, *fields: str, **query: Any) -> list[list[Any]]:
    rows = asked(name, **query)["results"]
    return [[*(row[f] for f in fields), row["effective_from"], row["effective_to"]] for row in rows]


def test_a_practice_spell_by_spell():
    assert spells("practices", "name", code="G85001") == [
        ["FOREST HILL SURGERY", "2000-04-01", "2010-09-30"],  # its list is a later one
        ["FOREST HILL SURGERY", "2010-10-01", "2010-12-07"],
        ["FOREST HILL SURGERY", "2010-12-08", "2011-05-31"],  # a member from the 8th
        ["NEW NAME", "2011-06-01", "2013-03-31"],
        ["NEW NAME", "2013-04-01", None],  # its trust has ended
    ]


def test_filters_ask_each_spell():
    moved = spells("practices", "code", consortium="GC0001")
    assert ["G85002", "2010-12-08", "2011-03-31"] in moved
    assert spells("practices", "code", wave="1") == moved == spells("practices", "code", pathfinder="PF0001")
    live = spells("practices", "code", wave="1", basis="live")
    assert [row for row in live if row[0] == "G85001"] == [
        ["G85001", "2011-04-01", "2011-05-31"],  # it went live on 1 April
        ["G85001", "2011-06-01", "2013-03-31"],
        ["G85001", "2013-04-01", None],
    ]
    assert spells("practices", "code", status="closed") == [["G85004", "2010-12-01", None]]
    assert spells("consortia", "ref", scope="pathfinder") == [["GC0001", "2010-12-08", None]]
    assert spells("consortia", "ref", pct="5LE", as_of="2011-06-01")  # of members: as_of is asked
    assert spells("consortia", "ref", pct="5LE", as_of="2010-01-01") == []


@pytest.mark.parametrize("history", ["1", "all"])
def test_a_filter_that_chooses_bodies_first_finds_what_asking_every_spell_does(history):
    every = asked("practices", history=history)["results"]
    for filters, asks in {
        ("parent", "5LE"): lambda row: (row["parent"] or {}).get("code") == "5LE",
        ("parent", "08Q"): lambda row: (row["parent"] or {}).get("code") == "08Q",
        ("pct", "5le"): lambda row: (row["pct"] or {}).get("code") == "5LE",
        ("sha", "Q36"): lambda row: (row["sha"] or {}).get("code") == "Q36",
        ("consortium", "GC0002"): lambda row: (row["consortium"] or {}).get("ref") == "GC0002",
        ("postcode", "SE22 9AB"): lambda row: row["postcode"] == "SE22 9AB",
        ("wave", "1"): lambda row: row["pathfinders"] == ["PF0001"],
        ("q", "walworth"): lambda row: row["code"] == "G85002",
    }.items():
        found = asked("practices", history=history, **dict([filters]))["results"]
        assert found == [row for row in every if asks(row)], filters
    make_pct("5ZZ")  # known, and above no practice
    assert asked("practices", history=history, pct="5ZZ")["results"] == []


def test_what_the_register_took_back_has_its_time():
    code = {"code": "G85002", "consortium": "GC0001"}
    (now,) = asked("practices", **code)["results"]
    versions = asked("practices", history="all", **code)["results"]
    first = versions[0]
    assert (now["effective_to"], now["recorded_to"]) == ("2011-03-31", None) and now in versions
    assert first["effective_to"] == "2013-03-31" and first["recorded_to"] <= now["recorded_from"]
    then = asked("practices", known_at=first["recorded_from"], **code)["results"]
    assert then[0] == {**first, "recorded_to": None}


def test_pages_and_downloads_hold_the_same_rows():
    page, found = asked("practices", page_size=4, ordering="-effective_from"), []
    while True:
        found += page["results"]
        if not page["next"]:
            break
        page = Client().get(page["next"]).json()
    firsts = [row["effective_from"] for row in found]
    assert len(found) == page["count"] > 8 and firsts == sorted(firsts, reverse=True)
    lines = b"".join(Client().get("/api/v1/practices/", {"history": "1", "format": "ndjson"})).decode().splitlines()
    by_key = sorted(found, key=lambda row: (row["code"], row["effective_from"]))
    assert [json.loads(line) for line in lines] == by_key
    body = b"".join(Client().get("/api/v1/practices/", {"history": "1", "format": "csv"})).decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(body)))
    assert table[0][-4:] == CLOCKS and len(table) == len(found) + 1


def test_memberships_without_a_first_day_are_paged_over_too():
    for number in range(3):
        make_membership(make_practice(f"G8501{number}"), Consortium.objects.get(ref="GC0002"), None)
    every = asked("memberships", ordering="effective_from")["results"]
    page, found = asked("memberships", ordering="effective_from", page_size=2), []
    while page["next"]:
        found += page["results"]
        page = Client().get(page["next"]).json()
    found += page["results"]
    assert found == every and [row["effective_from"] for row in found].count(None) == 3


LATER = ("predecessors", "successors")
"""Columns that joined spells after the clocks: what is agreed keeps its place, and what is new comes last."""


@pytest.mark.parametrize("name", ["practices", "unaffiliated", "parents", "pcts", "shas", "consortia", "pathfinders"])
def test_each_resource_has_a_history(name):
    for history in ("1", "all"):
        row = asked(name, history=history)["results"][0]
        columns = [name for name in row if name not in LATER]
        assert columns[-4:] == CLOCKS
    assert list(asked(name, fields="effective_from")["results"][0]) == ["effective_from"]
    refused = Client().get(f"/api/v1/{name}/", {"history": "2"})
    assert refused.status_code == 400 and refused.json()["errors"][0]["field"] == "history"


def test_a_history_takes_as_many_questions_however_long_it_is(django_assert_num_queries):
    with django_assert_num_queries(5):  # the newest entry, its number for the tag, the count and the rows
        few = asked("practices", page_size=2)
    with django_assert_num_queries(5):
        many = asked("practices")
    assert len(few["results"]) == 2 < len(many["results"])
