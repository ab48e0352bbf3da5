"""The public history of a practice by API: the page's, field by field, through a list of allowed fields."""

from __future__ import annotations

import pytest
from django.test import Client

from pathfinders.reads.record_history import ALLOWED
from practices.models import Practice
from registry.models import Entry
from registry.models.fact import Fact, fact_kinds
from tests.support.small_register import small_register


@pytest.fixture
def register(db: None) -> None:
    small_register()


def changes(client: Client, code: str, **query: str) -> list[dict]:
    answer = client.get(f"/api/v1/practices/{code}/history/", query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_an_event_changes_the_days_from_it_on_and_a_correction_days_gone_by(register: None, client: Client) -> None:
    rows = [row for row in changes(client, "G85002") if row["fact"] == "membership" and row["field"] == "consortium"]
    told = [(r["kind"], r["before"], r["after"], r["effective_from"], r["effective_to"]) for r in rows]
    assert told == [
        ("release", None, "GC0001", "2010-12-08", None),
        ("late", "GC0001", "GC0002", "2011-05-01", None),
        ("correction", "GC0001", "GC0002", "2011-04-01", "2011-04-30"),
    ]
    renamed = [row for row in changes(client, "g85001") if row["field"] in ("name", "phone") and row["before"]]
    assert [(r["before"], r["after"], r["effective_from"]) for r in renamed] == [
        ("FOREST HILL SURGERY", "NEW NAME", "2011-06-01")
    ]
    ended = [row for row in changes(client, "G85004") if row["fact"] == "left_out_at_release"]
    assert [(r["of"], r["field"], r["after"]) for r in ended] == [("BID-2010-0001", "why", "closed")]


def test_replayed_it_gives_what_the_register_says_of_any_day(register: None, client: Client) -> None:
    for code in ("G85001", "G85002", "G85004"):
        rows = changes(client, code)
        for day in ("2010-06-01", "2011-04-15", "2011-05-15", "2012-01-01"):
            said: dict[str, object] = {}
            for row in rows:
                if (row["effective_from"] or "") <= day <= (row["effective_to"] or "9999"):
                    said[f"{row['fact']}.{row['field']}"] = row["after"]
            plain = client.get(f"/api/v1/practices/{code}/?as_of={day}").json()["result"]
            assert said.get("practice_particulars.name") == plain["name"]
            assert said.get("practice_parent.parent") == (plain["parent"] or {}).get("code")
            assert said.get("membership.consortium") == (plain["consortium"] or {}).get("ref")


def test_it_tells_the_entries_that_the_page_tells_and_no_other_kind(register: None, client: Client) -> None:
    for code in ("G85001", "G85002", "G85003", "G85004"):
        context = client.get(f"/practices/{code}/").context
        page = {line.entry for line in context["history"].rows}
        page |= {
            n
            for line in (context["superseded"].rows if context["superseded"] else [])
            for n in (line.entry, line.closed_entry)
        }
        assert {row["entry"] for row in changes(client, code)} == page
    before = Entry.objects.get(action="rename").number - 1
    known = Entry.objects.get(number=before).at.isoformat().replace("+00:00", "Z")
    assert "NEW NAME" not in str(changes(client, "G85001", known_at=known))
    assert client.get("/api/v1/practices/G99999/history/").status_code == 404
    csv = b"".join(client.get("/api/v1/practices/G85001/history/?format=csv").streaming_content).decode()
    assert csv.startswith("entry,recorded,kind,reason,fact,of,field,before,after,effective_from,effective_to\r\n")


def test_each_kind_about_a_practice_is_told_or_left_out_on_purpose() -> None:
    about = {
        kind
        for kind in fact_kinds().values()
        for f in kind.own_fields()
        if getattr(f, "related_model", None) is Practice
    }
    assert {kind.NAME for kind in about - ALLOWED.keys()} == {"left_out"}, "the page does not tell it either"
    for kind, fields in ALLOWED.items():
        assert set(fields) <= {f.name for f in kind.own_fields()} and issubclass(kind, Fact)
