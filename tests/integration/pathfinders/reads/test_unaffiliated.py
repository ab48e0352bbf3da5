"""The left out: why, the deadline, who is near; page, API and CSV say the same, and nobody vanishes."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from random import Random
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consortia.models import Belonging, LeftOut, Membership
from pathfinders.reads import practices, unaffiliated
from pathfinders.reads.england import england as england_at
from pathfinders.reads.three_parts import three_parts
from practices.models import PracticeStatus
from registry.models import Entry
from tests import factories as make
from tests import programme as told
from tests.desk import text_of
from tests.support.eight_practices import APRIL_2011
from transitions.actions import set_milestone

ADDED = ("reason", "reason_said_by", "compliance", "deadline", "days_to_deadline", "consortia_nearby")


@pytest.fixture
def site(england: SimpleNamespace) -> Client:
    """In none: Z00005 and Z00010 of PCT 5BB, Z00011 of no PCT. The deadline, planned in December 2010, moves in 2012."""
    england.practices[10] = make.make_practice("Z00010", pct=england.bb)
    england.practices[11] = make.make_practice("Z00011", patients=50)
    admin = told.person("programme_admin")
    words = {"by": admin, "key": "deadline", "name": "All join", "source": "Pulse", "words": "autumn 2012"}
    set_milestone(**words, day=date(2012, 10, 1), known_from=date(2010, 12, 1))
    england.first = Entry.objects.order_by("-number")[0].at
    why(england.practices[5], "objection", "pct")
    set_milestone(**words, day=date(2013, 4, 1), known_from=date(2012, 6, 1), why="The Bill was paused.")
    return Client(headers={"host": "localhost"})


def why(practice, reason, said_by, start=date(2011, 1, 1)) -> None:
    with make.writing("why") as entry:
        entry.set(LeftOut, (practice.pk,), start, None, (reason, said_by))


def api(site, as_of=APRIL_2011, **query):
    return site.get("/api/v1/unaffiliated/", {"as_of": as_of, **query})


def test_each_practice_has_its_reason_the_deadline_and_who_is_near(site):
    found = {row["code"]: [row[name] for name in ADDED] for row in api(site).json()["results"]}
    left = (date(2012, 10, 1) - APRIL_2011).days
    assert found == {
        "Z00005": ["objection", "pct", "none", "2012-10-01", left, ["GC0002"]],
        "Z00010": ["not_asked", None, "none", "2012-10-01", left, ["GC0002"]],
        "Z00011": ["not_asked", None, "none", "2012-10-01", left, []],
    }


def test_the_deadline_of_the_day_as_known_then(site, england):
    def first(day, **query):
        row = site.get("/api/v1/unaffiliated/", {"as_of": day, **query}).json()["results"][0]
        return row["compliance"], row["deadline"], row["days_to_deadline"]

    known = {"known_at": england.first.isoformat()}
    assert first("2010-11-30") == ("none", None, None)
    assert first("2012-10-01") == ("none", "2013-04-01", 182)
    assert first("2012-10-01", **known) == ("open", "2012-10-01", 0), "moved later than was known then"
    assert first("2013-04-01") == ("open", "2013-04-01", 0)
    assert first("2013-04-11")[2] == -10
    words = text_of(site.get("/unaffiliated/", {"as_of": "2012-10-01", **known}))
    assert "The Bill was paused." not in words
    assert "The Bill was paused." not in text_of(site.get("/unaffiliated/?as_of=2012-05-31"))
    assert "The Bill was paused." in text_of(site.get("/unaffiliated/?as_of=2012-06-01"))


def test_page_api_and_file_say_the_same(site):
    page = site.get("/unaffiliated/", {"as_of": APRIL_2011, "reason": "not_asked"})
    rows = api(site, reason="not_asked").json()["results"]
    read = list(csv.DictReader(io.StringIO(b"".join(api(site, reason="not_asked", format="csv")).decode("utf-8-sig"))))
    shown = page.context["table"].rows
    assert [r["code"] for r in shown] == [r["code"] for r in rows] == [r["code"] for r in read] == ["Z00010", "Z00011"]
    for name in ADDED[:2]:
        assert [r[name] for r in shown] == [r[name] for r in rows] == [r[name] or None for r in read]
    assert [r["days_to_deadline"] for r in read] == [str(r["days_to_deadline"]) for r in rows]
    assert "reason=not_asked" in page.context["api_href"]


def test_the_counts_by_reason_and_area_add_up_to_the_list_and_to_coverage(site):
    page = site.get("/unaffiliated/", {"as_of": APRIL_2011})
    none = three_parts(None, make.at(APRIL_2011)).parts[-1]
    for name in ("by_sha", "by_area", "by_reason"):
        rows = page.context[name].rows
        assert (sum(r["practices"] for r in rows), sum(r["people"] for r in rows)) == (none.practices, none.people)
    assert page.context["total"] == none.practices == 3
    reasons = {(r["reason"], r["reason_said_by"]): r["practices"] for r in page.context["by_reason"].rows}
    assert reasons == {("not_asked", None): 2, ("objection", "pct"): 1}


def test_the_page_says_it_in_words(site):
    words = text_of(site.get("/unaffiliated/", {"as_of": APRIL_2011}))
    assert "Conscientious objection, said by its PCT" in words
    assert "549 days to go" in words and "autumn 2012" in words
    assert 'href="/consortia/GC0002/?as_of=2011-04-01"' in words
    assert "Why is not recorded" not in words
    after = text_of(site.get("/unaffiliated/?as_of=2013-04-11"))
    assert "10 days ago" in after and "is an open item" in after


def test_a_register_without_a_deadline_says_so_and_how_to_record_it(england):
    page = Client(headers={"host": "localhost"}).get("/unaffiliated/", {"as_of": APRIL_2011})
    assert "No deadline is recorded as known on the day shown" in text_of(page)
    assert 'href="/staff/milestones/"' in text_of(page)


def test_a_reason_that_there_is_none_of_is_refused(site):
    answer = api(site, reason="lazy")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "reason")
    assert "lazy" in text_of(site.get("/unaffiliated/?reason=lazy"))


def test_a_longer_list_asks_no_more(site, england):
    def asked(path, **query):
        with CaptureQueriesContext(connection) as queries:
            assert site.get(path, {"as_of": APRIL_2011, **query}).status_code == 200
        return len(queries)

    paths = ("/unaffiliated/", "/api/v1/unaffiliated/")
    before = [asked(path) for path in paths]
    for _ in range(5):
        why(make.make_practice(pct=england.aa), "undecided", "staff")
    assert [asked(path) for path in paths] == before
    assert before[0] <= 13


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_eligible_are_members_and_left_out_at_any_moment(seed):
    """Random joinings, leavings, closings and corrections: nobody is in both parts, nobody in neither."""
    draw, pct = Random(f"left out {seed}"), make.make_pct("5AA", sha=make.make_sha("Q36"))
    people = [make.make_practice(f"Z0000{n}", pct=pct, patients=100 * n) for n in range(1, 7)]
    groups = [make.make_consortium(start=date(2010, 1, 1)) for _ in range(2)]
    start = date(2011, 1, 1)
    for _ in range(25):
        practice, day = draw.choice(people), start + timedelta(days=draw.randrange(800))
        with make.writing("random") as entry:
            match draw.choice(("join", "join", "leave", "close", "why")):
                case "join":
                    until = draw.choice((None, day + timedelta(days=draw.randrange(1, 300))))
                    entry.set(
                        Membership, (practice.pk,), day, until, Belonging(draw.choice(groups).pk, "claimed", "joined")
                    )
                case "leave":
                    entry.clear(Membership, (practice.pk,), day, None)
                case "close":
                    letter = draw.choice(("A", "C", "D"))
                    entry.set(PracticeStatus, (practice.pk,), day, None, (letter,))
                case "why":
                    entry.set(LeftOut, (practice.pk,), day, None, ("undecided", "staff"))
    instants = list(Entry.objects.values_list("at", flat=True))
    for _ in range(12):
        moment = make.at(start + timedelta(days=draw.randrange(900)), draw.choice((None, draw.choice(instants))))
        counted = set(practices.eligible(practices.joined(None, moment)).values_list("code", flat=True))
        rows = list(unaffiliated.rows(None, moment))
        left = {row["code"] for row in rows}
        members = {row.code for row in england_at(None, moment).rows if row.consortium}
        assert (left | members, left & members) == (counted, set())
        standing = set(LeftOut.objects.at(moment).filter(practice__code__in=members).values_list("practice__code"))
        assert not standing, "why one is left out never stands beside a membership"
