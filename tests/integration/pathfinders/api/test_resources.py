"""Every resource: read by all, dates echoed, unknown parameters and bad dates refused, one count of queries."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.models import Entry
from tests import factories as make
from tests import programme as told
from tests.support.eight_practices import eight_practices
from tests.support.handover import hand_over

LISTS = (
    "practices", "parents", "pcts", "shas", "consortia", "memberships", "pathfinders", "waves", "decisions",
    "unaffiliated", "milestones", "transitions", "budgets", "surveys", "local-bodies", "clusters",
    "evidence",
)  # fmt: skip
DATED = (*LISTS, "announcements", "coverage")
ONES = (
    "practices/Z00001", "parents/TAC", "pcts/5AA", "shas/Q36", "consortia/GC0001", "pathfinders/PF0001", "waves/1",
    "transitions/5AA", "local-bodies/LB0001", "clusters/CL0001", "surveys/SV0001", "evidence/EV0001",
)  # fmt: skip


def get(client, path, **query):
    return client.get(f"/api/v1/{path}/", {"as_of": "2011-04-01"} | query)


def test_anyone_reads_it_and_it_says_which_dates_it_used(england, client):
    newest = Entry.objects.order_by("-number").first().at
    for resource in DATED:
        answer = get(client, resource)
        assert answer.status_code == 200, answer.content
        body = answer.json()
        assert body["as_of"] == "2011-04-01"
        assert body["known_at"] == newest.isoformat().replace("+00:00", "Z")
        assert body["count"] == len(body["results"])
        assert body["count"] > 0 or resource in ("decisions", "announcements", "milestones")
        assert answer["Link"].endswith('rel="license"')
        assert not answer.cookies


def test_one_row_is_what_the_list_has(england, client):
    for path in ONES:
        listed, code = path.split("/")
        one = get(client, path).json()
        assert one["as_of"] == "2011-04-01"
        assert one["result"] in get(client, listed).json()["results"]
        assert code in map(str, one["result"].values())


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"pctt": "5QV"}, "pctt"),
        ({"as_of": "2011-02-30"}, "as_of"),
        ({"as_of": "2011-2-3"}, "as_of"),
        ({"known_at": "2011-01-01T00:00"}, "known_at"),
        ({"known_at": "1990-01-01"}, "known_at"),
        ({"known_at": "soon"}, "known_at"),
        ({"as_of": "2011-01-01\x00"}, "as_of"),
        ({"format": "xml"}, "format"),
    ],
)
def test_what_it_does_not_understand_it_refuses_by_name(db, client, query, field):
    make.make_sha()  # known_at has a span to lie outside of
    for resource in DATED:
        answer = get(client, resource, **query)
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
        body = answer.json()
        assert body["status"] == 400
        assert [e["field"] for e in body["errors"]] == [field]
        assert body["detail"] == body["errors"][0]["message"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "1001"}, "page_size"),
        ({"cursor": "x"}, "cursor"),
        ({"ordering": "colour"}, "ordering"),
        ({"fields": "code,colour"}, "fields"),
        ({"status": "open"}, "status"),
        ({"setting": "4.5"}, "setting"),
        ({"pct": ["5AA", "5BB"]}, "pct"),
        ({"q": "a\x00"}, "q"),
    ],
)
def test_a_list_refuses_what_is_not_its_own(db, client, query, field):
    body = get(client, "practices", **query).json()
    assert (body["status"], body["errors"][0]["field"]) == (400, field)


def test_a_near_miss_is_suggested(db, client):
    assert "“status”" in get(client, "practices", statsu="active").json()["detail"]


def test_queries_are_the_same_number_for_two_rows_and_for_a_hundred(db, client):
    england = eight_practices()  # not one that this process has read before
    for pct, group in ((england.aa, england.one), (england.bb, england.two), (england.tac, england.three)):
        hand_over(told.person("programme_admin"), pct, group)
    for n in range(4):
        group = make.make_consortium()
        make.make_membership(make.make_practice(pct=england.aa, patients=10), group)
        make.make_practice(pct=england.aa)
        make.make_pathfinder(consortia=[group], wave=n + 3)
        make.make_wave(n + 3)
        make.make_sha(f"Q4{n}")

    def asked(resource, size):
        with CaptureQueriesContext(connection) as queries:
            assert get(client, resource, page_size=size).status_code == 200
        return len(queries)

    for resource in LISTS:
        assert asked(resource, 100) == asked(resource, 2) <= 6, resource


def test_fields_are_those_asked_in_that_order(england, client):
    row = get(client, "practices", fields="name,code").json()["results"][0]
    assert list(row) == ["name", "code"]


def test_practices_have_the_fields_of_the_design_in_its_order(england, client):
    row = get(client, "practices/Z00002").json()["result"]
    assert list(row) == [
        "code", "name", "address", "postcode", "status", "setting", "opened", "closed", "list_size",
        "list_size_quarter", "list_size_basis", "pct", "sha", "consortium", "membership_status", "pathfinders",
        "longitude", "latitude", "parent", "gss", "branches", "predecessors", "successors",
    ]  # fmt: skip
    assert row["pct"] == {"code": "5AA", "name": "Aa PCT"}
    assert row["consortium"] == {"ref": "GC0001", "name": "Group 1"}
    assert row["parent"] == {"code": "5AA", "name": "Aa PCT", "kind": "pct"}
    assert (row["longitude"], row["latitude"]) == (-0.1, 51.5)


def test_figures_of_a_list_are_those_of_coverage(england, client):
    for resource, by, key in (("pathfinders", "pathfinder", "ref"), ("waves", "wave", "number")):
        rows = {str(r[key]): r for r in get(client, resource).json()["results"]}
        for row in get(client, "coverage", by=by).json()["results"]:
            assert rows[row["key"]]["people"] == row["people"] > 0
            assert rows[row["key"]]["practices"] == row["practices"]


def test_csv_keeps_codes_and_neutralises_formulas(england, client):
    make.make_practice("Z09999", name='=HYPERLINK("x")', pct=england.aa, address="-1 Road\n+44")
    answer = get(client, "practices", format="csv", fields="code,name,address,pct,pathfinders")
    text = b"".join(answer.streaming_content).decode()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="practices-2011-04-01.csv"'
    lines = text.split("\r\n")
    assert lines[0] == "code,name,address,pct_code,pct_name,pathfinders"
    assert 'Z09999,"\'=HYPERLINK(""x"")","\'-1 Road\n+44",5AA,Aa PCT,' in text


def test_a_whole_list_is_every_row_in_csv_and_ndjson(england, client):
    rows = get(client, "practices").json()["results"]
    body = b"".join(get(client, "practices", format="ndjson", page_size="2").streaming_content)
    assert [json.loads(line) for line in body.splitlines()] == rows
    accepted = client.get("/api/v1/practices/?as_of=2011-04-01", HTTP_ACCEPT="text/csv")
    assert len(b"".join(accepted.streaming_content).splitlines()) > len(rows)


def test_a_method_that_there_is_not_is_405_and_an_unknown_address_404(england, client):
    answer = client.post("/api/v1/practices/", {})
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    for path in ("practices/Z99999", "nowhere", "waves/x"):
        answer = client.get(f"/api/v1/{path}/")
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert "it takes GET, HEAD, OPTIONS." in client.put("/api/v1/practices/").json()["detail"]
    assert client.post("/api/v1/nowhere/", {}).status_code == 404, "a 405 would say that something is there"
    assert client.get("/api/v1/practices").json()["detail"].endswith("/api/v1/practices/.")
    for token in ("Token abc", f"Token {'a' * 64}"):
        refused = client.get("/api/v1/practices/", HTTP_AUTHORIZATION=token)
        assert (refused.status_code, "/accounts/tokens/" in refused.json()["detail"]) == (401, True)
    answer = client.get("/api/v1/practices/", HTTP_ACCEPT="image/png")
    assert (answer.status_code, answer["Content-Type"]) == (406, "application/problem+json")


def test_a_defect_leaves_as_a_problem_too(england, client, monkeypatch):
    from pathfinders.api import views

    def broken(*_):
        raise RuntimeError("a secret")

    monkeypatch.setattr(views.Practices, "rows", broken)
    client.raise_request_exception = False
    answer = client.get("/api/v1/practices/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert b"secret" not in answer.content


def test_the_index_names_every_resource(england, client):
    found = client.get("/api/v1/").json()["resources"]
    assert {
        *DATED,
        "services",
        "bids",
        "search",
        "changes",
        "schema",
        "docs",
        "dictionary",
        "snapshots",
        "crosswalk",
    } == found.keys()


def test_history_gives_a_row_a_spell(england, client):
    practice = england.practices[1]
    make.make_membership(practice, england.two, date(2011, 5, 1), status="confirmed")
    spells = get(client, "memberships", practice="Z00001", history="1", ordering="effective_from").json()["results"]
    assert [(s["consortium"]["ref"], s["effective_from"], s["effective_to"]) for s in spells] == [
        ("GC0001", "2011-01-01", "2011-04-30"),
        ("GC0002", "2011-05-01", None),
    ]
    versions = get(client, "memberships", practice="Z00001", history="all").json()["results"]
    taken_back = [s for s in versions if s["recorded_to"]]
    assert len(versions) == 3
    assert [(s["effective_to"], s["recorded_to"]) for s in taken_back] == [(None, spells[0]["recorded_from"])]
    assert taken_back[0]["closed"].split(".")[0] == spells[0]["opened"].split(".")[0]


def test_history_as_known_before_a_closing_does_not_tell_of_it(england, client):
    known = get(client, "memberships").json()["known_at"]
    before = get(client, "memberships", practice="Z00001", history="all", known_at=known).content
    make.make_membership(england.practices[1], england.two, date(2011, 5, 1))
    assert get(client, "memberships", practice="Z00001", history="all", known_at=known).content == before
