"""What the public reads of a released announcement: the page of the wave, its list, the API, the feeds."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from pathfinders import actions
from pathfinders.models import Pathfinder
from tests.integration.pathfinders.announcement.scenes import scene

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
PATHS = (
    "/waves/3/", "/waves/3/list.csv", "/waves/", "/waves/feed.atom", "/waves/feed.json", "/api/v1/services/",
    "/api/v1/services/AS0001/", "/api/v1/waves/", "/api/v1/waves/3/",
)  # fmt: skip


@pytest.fixture
def site():
    return Client(headers={"host": "localhost"})


@pytest.fixture
def third():
    return scene()


@pytest.fixture
def released(third):
    third.announce(notes="To editors: see below.")
    third.freeze()
    third.release()
    return third


def words(page: Any) -> str:
    body = page.content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def correct(released, reason="Filed under the wrong region."):
    pathfinder = Pathfinder.objects.get(particulars__name="Southwark")
    return actions.correct_region(by=released.who.admin, pathfinder=pathfinder, region="Q32", reason=reason)


def test_drafting_and_freezing_change_no_byte_that_the_public_reads(site, third):
    def seen():
        return [(r.status_code, r.content, r.headers.get("ETag")) for r in map(site.get, PATHS)]

    before = seen()
    third.announce()
    assert seen() == before
    third.freeze()
    assert seen() == before
    assert b"third wave" not in b"".join(content for _, content, _ in before)


def test_the_page_of_a_wave_tells_what_was_announced(site, released):
    page = site.get("/waves/3/")
    told = words(page)
    assert "The third wave" in told and "Two groups join." in told and "To editors: see below." in told
    assert "“about 15,000 people”" in told and "Department of Health, 2 March 2011" in told
    assert "Ophthalmology Planned" in re.sub(r"(Where, or whose|Specialty|Status) ", "", told)
    assert "outpatient referrals: −2.5 per cent (against the year before; a year)" in told
    assert [(r.name, [p.name for p in r.pathfinders]) for r in page.context["regions"]] == [
        ("London", ["Southwark"]),
        ("Yorkshire and the Humber", ["Leeds"]),
    ]
    lines = site.get("/waves/3/list.csv").content.decode().splitlines()
    assert lines[1:] == ["Q36,London,PF0002,Southwark,3,6000", "Q32,Yorkshire and the Humber,PF0001,Leeds,2,9000"]


def test_a_correction_stands_beside_the_list_as_released(site, released):
    before = site.get("/waves/3/list.csv").content
    known = actions.open_wave(by=released.who.admin, number=9, announced_on=released.wave.announced_on)
    assert known.number == 9  # casework, in no journal
    entry = correct(released)
    page = site.get("/waves/3/")
    today = f"{entry.at.day} {entry.at:%B %Y}"
    assert (
        f"Correction, {today}: Southwark was listed under London; it is in Yorkshire and the Humber. "
        "(Filed under the wrong region.)" in words(page)
    )
    assert page.context["regions"][0].name == "London" and site.get("/waves/3/list.csv").content == before
    release = page.context["release"].opened_by.at.isoformat().replace("+00:00", "Z")
    assert "Correction," not in words(site.get(f"/waves/3/?known_at={release}"))


def test_a_wave_without_a_list_has_no_file(site, released):
    for number in (4, 99_999):
        assert site.get(f"/waves/{number}/list.csv").status_code == 404


def test_the_api_tells_the_announcement_and_the_services(site, released):
    (wave,) = site.get("/api/v1/waves/").json()["results"]
    assert wave["announcement"]["title"] == "The third wave"
    found = site.get("/api/v1/services/?status=planned&specialty=OPHTH&wave=3").json()["results"]
    assert [(s["ref"], s["value"], s["unit"], s["publisher"]) for s in found] == [
        ("AS0001", -2.5, "per cent", "Department of Health")
    ]
    assert site.get("/api/v1/services/?status=stopped").json()["count"] == 0
    assert site.get("/api/v1/services/AS0001/").json()["result"]["scope"] == "Southwark"
    lines = b"".join(site.get("/api/v1/services/?format=csv").streaming_content).decode().splitlines()
    assert lines[0].startswith("ref,wave,scope_kind") and len(lines) == 2
    assert site.get("/api/v1/services/?as_of=2011-03-01").json()["count"] == 0
    assert "services" in site.get("/api/v1/").json()["resources"]


# Feeds


def test_the_feeds_tell_the_announcement_then_the_correction(site, released):
    first = site.get("/waves/feed.json")
    (item,) = first.json()["items"]
    assert (item["title"], item["id"]) == ("The third wave", "tag:localhost,2010:wave-3")
    assert item["url"] == f"{settings.PUBLIC_URL}/waves/3/" and "Two groups join." in item["content_text"]
    entry = correct(released)
    later, announced = site.get("/waves/feed.json").json()["items"]
    assert announced == item and later["title"] == "Wave 3: region corrected"
    assert (
        later["id"] == f"tag:localhost,2010:entry-{entry.number}"
        and later["summary"] == "Filed under the wrong region."
    )
    root = ElementTree.fromstring(site.get("/waves/feed.atom").content)
    entries = root.findall(f"{ATOM}entry")
    assert [e.findtext(f"{ATOM}id") for e in entries] == [later["id"], announced["id"]]
    assert entries[0].findtext(f"{ATOM}updated") and root.findtext(f"{ATOM}author/{ATOM}name")


def test_a_figure_corrected_later_is_told_and_one_recorded_later_is_not(site, released):
    claim = actions.Claim(
        wave=3, extent="wave", metric="practices", value=6, words="six", publisher="Gazette", published="2011-03-03"
    )
    actions.record_claims(by=released.who.admin, claims=[claim], reason="As printed.")
    assert len(site.get("/waves/feed.json").json()["items"]) == 1
    actions.correct_claim(by=released.who.admin, ref="AC0001", reason="Copied wrongly.", words="two pathfinders")
    titles = [item["title"] for item in site.get("/waves/feed.json").json()["items"]]
    assert titles == ["Wave 3: announced figure corrected", "The third wave"]


@pytest.mark.parametrize("path", ["/waves/feed.atom", "/waves/feed.json"])
def test_who_has_it_already_is_told_so(site, released, path):
    answer = site.get(path)
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    for header, name in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        again = site.get(path, headers={header: answer.headers[name]})
        assert (again.status_code, again.content) == (304, b"")
    correct(released)
    assert site.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 200


def test_an_empty_feed_is_the_same_bytes_each_time(site, db):
    assert site.get("/waves/feed.atom").content == site.get("/waves/feed.atom").content
    assert json.loads(site.get("/waves/feed.json").content)["items"] == []


def test_pages_of_waves_point_to_the_feeds(site, released):
    for path in ("/waves/", "/waves/3/"):
        page = site.get(path).content.decode()
        assert '<link rel="alternate" type="application/atom+xml"' in page
        assert 'type="application/feed+json"' in page
