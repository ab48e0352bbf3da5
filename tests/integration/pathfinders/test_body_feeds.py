"""The Atom feed of a practice, a consortium, a PCT and a wave: what it tells, in what order, to whom, at what cost."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.dateparse import parse_datetime

from pathfinders import actions
from pathfinders.reads import body_news
from practices.models import PracticeParticulars
from registry.models import Entry, EntryKind, fact_kinds
from tests import factories as make
from tests import programme as told
from tests.support.eight_practices import eight_practices
from tests.support.handover import hand_over_in_one_entry
from tests.support.small_register import small_register

pytestmark = pytest.mark.django_db


@pytest.fixture
def england():
    return eight_practices()


ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/practices/G85002/", "/consortia/GC0001/", "/pcts/5LE/", "/waves/1/")


@pytest.fixture
def site():
    return Client(headers={"host": "localhost"})


def read(site, page):
    answer = site.get(f"{page}feed.atom")
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def items(root):
    return root.findall(f"{ATOM}entry")


def told_of(item, name):
    return item.findtext(f"{ATOM}{name}")


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_has_all_that_atom_asks_for_newest_first_and_its_page_points_to_it(site, path):
    small_register()
    root = read(site, path)
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"alternate": settings.PUBLIC_URL + path, "self": f"{settings.PUBLIC_URL}{path}feed.atom"}
    assert told_of(root, "title") and told_of(root, "id") and root.findtext(f"{ATOM}author/{ATOM}name")
    found = items(root)
    assert found
    for item in found:
        assert all(told_of(item, name) for name in ("id", "title", "summary", "updated", "published"))
        assert told_of(item, "id").startswith("tag:localhost,2010:")
    instants = [parse_datetime(told_of(item, "updated")) for item in found]
    assert instants == sorted(instants, reverse=True) and len({told_of(i, "id") for i in found}) == len(found)
    assert told_of(root, "updated") == told_of(found[0], "updated")
    words = site.get(path).content.decode()
    assert 'type="application/atom+xml" title="Changes of' in words and words.count(f'href="{path}feed.atom"') == 2


def test_a_practice_is_told_each_entry_that_touched_it_and_no_other(site):
    small_register()
    found = items(read(site, "/practices/g85002/"))
    assert [told_of(i, "title") for i in found] == [
        "Correction: membership",
        "Late notification: membership",
        "Release: membership",
        "Event: list size, name, address or setting, parent body, status",
    ]
    corrected = told_of(found[0], "summary")
    assert (
        "a test needs it" in corrected
        and "G85002 in GC0002 from 1 April 2011: claimed by the consortium." in corrected
    )
    assert "Membership: 2 recorded, 2 replaced or ended." in corrected
    numbers = [told_of(i, "id").rpartition("-")[2] for i in found]
    assert told_of(found[0], "id") == f"tag:localhost,2010:practices-G85002:entry-{numbers[0]}"
    entry = Entry.objects.get(pk=numbers[0])
    assert (entry.kind, found[0].find(f"{ATOM}link").get("href")) == (
        EntryKind.CORRECTION,
        f"{settings.PUBLIC_URL}/changes/{entry.number}/",
    )


def test_a_pct_is_told_of_itself_and_of_its_practices_of_the_day(site):
    small_register()
    other = make.make_practice("G85099", name="ELSEWHERE", pct=make.make_pct("5XX"))
    make.make_membership(other, make.make_consortium("GC0099"))
    titles = [told_of(i, "title") for i in items(read(site, "/pcts/5LE/"))]
    assert titles[0] == "Event: name, address or setting", "the renaming of its practice"
    assert "Release: membership" in titles and titles[-1] == "Event: particulars"
    assert "G85099" not in site.get("/pcts/5LE/feed.atom").content.decode()
    assert "G85099" in site.get("/pcts/5XX/feed.atom").content.decode()
    assert site.get("/pcts/Q36/feed.atom").status_code == 404, "an SHA is no PCT"


HANDED = {
    "/pcts/5LE/": (
        "5LE: shadow form, as EV0001 says, from 1 April 2011.",
        "5LE plans plan agreed: during 2011; It waits (EV0001), from 1 April 2011.",
        "5LE, budget of 2011/12: total £644,000,000, delegated £291,000,000, retained £353,000,000, rounded to "
        "£1,000,000 (EV0001), from 1 April 2011.",
        "5LE, budget of 2011/12: £291,000,000 to GC0001, shadow (EV0001), from 1 April 2011.",
        "East (LB0001), locality board under 5LE and GC0001: running, from 1 April 2011.",
        "5LE in the survey SV0001: yes, from 1 April 2011.",
        "5LE in the cluster CL0001, from 1 April 2011.",
    ),
    "/consortia/GC0001/": (
        "5LE, budget of 2011/12: £291,000,000 to GC0001, shadow (EV0001), from 1 April 2011.",
        "East (LB0001), locality board under 5LE and GC0001: running, from 1 April 2011.",
        "GC0001, allowance for development of 2011/12: £2.00 a head, £10,000, from 1 April 2011.",
    ),
}
"""The sentences that each feed tells of the hand-over, and no other."""


def test_a_hand_over_is_told_to_those_whom_it_is_of_with_a_page_whose_references_lead_on(site):
    small_register()
    entry = hand_over_in_one_entry()
    for page, sentences in HANDED.items():
        newest = items(read(site, page))[0]
        assert newest.find(f"{ATOM}link").get("href") == f"{settings.PUBLIC_URL}/changes/{entry.number}/"
        lines = told_of(newest, "summary").splitlines()
        assert tuple(line for line in lines if "2011" in line) == sentences
        assert not [line for line in lines if "_" in line]
    told = site.get(f"/changes/{entry.number}/").content.decode()
    for path in ("evidence/EV0001", "local-bodies/LB0001", "surveys/SV0001"):
        assert f'href="/transitions/{path}/"' in told and site.get(f"/transitions/{path}/").status_code == 200
    assert "GC0001" not in "".join(told_of(i, "summary") for i in items(read(site, "/consortia/GC0002/"))[:1])


def test_every_kind_of_fact_has_a_name_that_people_read():
    assert [kind for kind in fact_kinds() if "_" in body_news.word_of(kind)] == []


def test_a_wave_is_told_its_release_and_later_changes_of_its_own_pathfinders_only(site, england):
    from pathfinders.models import PathfinderParticulars

    fact = PathfinderParticulars.objects.get(pathfinder__ref="PF0001")
    values = ("Renamed", fact.wave, fact.approved_on, fact.announced_on, fact.goes_live_on)
    with make.writing("rename") as entry:
        entry.set(PathfinderParticulars, (fact.pathfinder_id,), date(2011, 5, 1), None, values)
    first, second = read(site, "/waves/1/"), read(site, "/waves/2/")
    assert told_of(items(first)[0], "id") == f"tag:localhost,2010:entry-{entry.number}"
    assert told_of(items(first)[-1], "id") == "tag:localhost,2010:wave-1"
    assert {told_of(i, "id") for i in items(first)} & {told_of(i, "id") for i in items(second)} == set()


def test_who_has_a_feed_already_is_told_so_until_something_of_it_changes(site):
    small_register()
    answer = site.get("/practices/G85002/feed.atom")
    assert "Set-Cookie" not in answer.headers
    for header, name in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        again = site.get("/practices/G85002/feed.atom", headers={header: answer.headers[name]})
        assert (again.status_code, again.content) == (304, b"")
    make.make_practice("G85090")
    assert site.get("/practices/G85002/feed.atom").headers["ETag"] == answer.headers["ETag"], "of another practice"
    trust = site.get("/pcts/5LE/feed.atom")
    assert "Last-Modified" not in trust.headers, "its practices change with the day, without an event"
    same = site.get("/pcts/5LE/feed.atom", headers={"If-None-Match": trust.headers["ETag"]})
    assert same.status_code == 304


@pytest.mark.parametrize(
    "path", ["practices/X99999", "consortia/GC9999", "pcts/9ZZ", "waves/9", "waves/99999999", "pcts/%00"]
)
def test_what_the_register_does_not_know_has_no_feed(site, path):
    assert site.get(f"/{path}/feed.atom").status_code == 404


def test_a_wave_has_no_feed_before_its_release_and_nothing_of_it_is_in_another(site):
    trust = make.make_pct("5LE", sha=make.make_sha("Q36"))
    practices = [make.make_practice(f"Z8500{n}", pct=trust) for n in (1, 2)]
    who = told.people()
    wave = told.wave(who)
    before = {p: site.get(p).content for p in ("/practices/Z85001/feed.atom", "/pcts/5LE/feed.atom")}
    told.decided(who, wave, practices)
    told.ready(who, wave)
    unknown, hidden = site.get("/waves/4/feed.atom"), site.get("/waves/3/feed.atom")
    assert hidden.status_code == 404
    assert hidden.content.replace(b"wave 3", b"wave 4").replace(b"waves/3", b"waves/4") == unknown.content
    assert {p: site.get(p).content for p in before} == before and site.get(
        "/consortia/GC0001/feed.atom"
    ).status_code == 404
    actions.release_wave(by=who.admin, wave=wave, version=told.fresh(wave).version)
    (announced,) = items(read(site, "/waves/3/"))
    assert told_of(announced, "title") == "Wave 3"
    assert told_of(items(read(site, "/consortia/GC0001/"))[0], "title").startswith("Release: ")
    for page in ("/consortia/GC0001/", "/practices/Z85001/", "/waves/3/"):
        words = site.get(f"{page}feed.atom").content.decode()
        assert not [
            p for p in (who.lead, who.admin, who.approver) if p.ref in words or p.name in words or p.email in words
        ]


def test_a_feed_holds_fifty_and_costs_the_same_however_long_the_history_is(site):
    small_register()
    costs = []
    for often in (0, 60):
        practice = body_news.Practice.objects.get(code="G85002")
        for n in range(often):
            with make.writing() as entry:
                entry.set(PracticeParticulars, (practice.pk,), date(2011, 1, 1), None, (f"N{n}", "", "", "", 4))
        counted = []
        for page in FEEDS:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                found = items(read(site, page))
            counted.append(len(asked))
            assert len(found) <= body_news.MOST
        costs.append(counted)
    assert len(items(read(site, "/practices/G85002/"))) == 50
    assert costs[0] == costs[1] and max(costs[0]) <= 9, costs
