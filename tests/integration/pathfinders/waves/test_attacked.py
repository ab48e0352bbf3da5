"""Attacks on a wave: what a hostile or unlucky hand may send, write past the actions, or leave behind."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client

from pathfinders import actions
from pathfinders.early import early_outcome
from pathfinders.models import Scenario, Wave, WaveManifest, WaveStep
from registry import clock, outbox
from registry.models import Installation, RoleGrant
from tests import desk
from tests import programme as told
from tests.integration.pathfinders.announcement.scenes import SERVICE, scene
from tests.support.floor import broken

RELEASE = datetime(2011, 3, 2, 9, 30, tzinfo=UTC)


def build_world():
    return scene()


@pytest.fixture
def third(in_world):
    return in_world


def test_control_characters_do_not_break_feeds(third):
    third.announce(title="The third\x0b wave", text="Two\x0c groups\x01 join.")
    third.freeze()
    third.release()
    site = Client(headers={"host": "localhost"})
    page = site.get("/waves/feed.atom")
    assert page.status_code == 200
    ElementTree.fromstring(page.content)


FIELDS = ("c-0-words", "c-0-scope", "c-0-note", "c-0-value", "c-0-metric", "s-0-words", "s-0-value", "title", "text")
STRANGE = ("a\x00b", "9" * 6000, "x" * 30000, "sNaN", "-Infinity", "1e999999")


def test_strange_values_in_an_announcement_are_refused_not_failed(third):
    site = desk.signed_in(third.who.admin)
    plain = {"title": "T", "text": "X", "notes": "", "c-TOTAL_FORMS": "1", "s-TOTAL_FORMS": "1", "save": "1"}
    plain |= {"c-0-words": "2 pathfinders", "c-0-extent": "wave", "c-0-scope_kind": "england", "c-0-scope": "England"}
    plain |= {f"s-0-{name}": value for name, value in SERVICE.items()}
    for field in FIELDS:
        for value in STRANGE:
            data = plain | {"version": third.wave.version, field: value}
            told = site.post("/staff/waves/3/announcement/", data).status_code
            assert told in (302, 422) and (told == 422 or "\x00" not in value), (field, value[:9], told)
            assert site.post("/staff/waves/3/announcement/check/", data).status_code == 200


@pytest.mark.parametrize("do", ["look", "save", "copy-a", "delete-a", "", "zz-zz", "delete-\u00b2"])
def test_strange_simulation(third, do):
    site = desk.signed_in(third.who.admin)
    row = Scenario.objects.create(wave=third.wave, name="<script>alert(1)</script>", made_by=third.who.admin)
    for version in ("9" * 5000, "²", "-1", "\x00", "99999999999999999999"):
        for pk in (str(row.pk), "9" * 5000, "99999999999999999999", "-1"):
            data = {
                "do": do,
                "a-scenario": pk,
                "a-version": version,
                "a-name": "A\x00b",
                "b-scenario": pk,
                "b-version": version,
                "b-name": "=B",
                "a-bids": ["x" * 1000, "\x00"],
            }
            page = site.post("/staff/waves/3/simulate/", data)
            assert page.status_code in (200, 302, 409, 412, 422), (page.status_code, version, pk)


PUBLIC = [
    "/waves/0/",
    "/waves/99999/",
    "/waves/99999/list.csv",
    "/waves/0/list.csv",
    "/waves/99999/manifest.txt",
    "/api/v1/waves/99999/",
    "/api/v1/waves/99999999999999999999/",
    "/api/v1/services/?wave=99999999999999",
    "/api/v1/services/AS99999999999999/",
    "/api/v1/services/%00/",
    "/api/v1/announcements/?wave=99999999999999",
    "/api/v1/announcements/?wave=%00",
    "/waves/99999999999999999999999/",
    "/waves/3/as-released.csv",
    "/waves/99999/as-released.csv",
    "/embed/so-far.svg?wave=%00",
    "/waves/?number=99999999999999",
]


@pytest.mark.parametrize("path", PUBLIC)
def test_strange_public(db, path):
    page = Client(headers={"host": "localhost"}).get(path)
    assert page.status_code in (200, 400, 404), page.status_code


def test_staff_strange(third):
    site = desk.signed_in(third.who.admin)
    for n in ("0", "99999", "99999999999999999999"):
        for tail in (
            "",
            "simulate/",
            "announcement/",
            "announcement/list.csv",
            "release/",
            "letters/",
            "confirm/",
            "schedule/",
        ):
            page = site.get(f"/staff/waves/{n}/{tail}")
            assert page.status_code == 404, (n, tail, page.status_code)
    for n in ("0", "99999", "-1", "99999999999999999999"):
        for path in ("/staff/waves/", "/staff/waves/new/", "/staff/waves/forecast/", "/staff/waves/open/"):
            page = site.post(
                path,
                {
                    "number": n,
                    "announced_on": "2011-03-02",
                    "announced_on_day": "2",
                    "announced_on_month": "3",
                    "announced_on_year": "2011",
                },
            )
            assert page.status_code in (404, 405, 422, 409), (n, path, page.status_code)
    for at in ("9999-12-31", "0001-01-01"):
        y, m, d = at.split("-")
        third.freeze()
        page = site.post(
            "/staff/waves/3/schedule/",
            {
                "version": third.wave.version,
                "day_day": d,
                "day_month": m,
                "day_year": y,
                "release_at": at,
                "time": "23:59",
                "early_hours": "9" * 30,
            },
        )
        assert page.status_code in (404, 422), page.status_code


def test_formula_in_staff_list(third):
    told.decided(third.who, third.wave, name="=HYPERLINK(1)")
    body = desk.signed_in(third.who.admin).get("/staff/waves/3/announcement/list.csv").content.decode()
    assert ",=HYPERLINK" not in body and "=HYPERLINK" in body


@pytest.mark.parametrize("state", ["closed", "decided", "frozen"])
def test_a_wave_begins_forecast_or_open(third, state):
    assert "begins" in broken(lambda: Wave.objects.create(number=9, state=state, announced_on=told.FEBRUARY))


def test_a_wave_is_released_with_its_manifest_and_once_a_second_person_confirmed(third):
    third.announce()
    third.freeze()
    entry = actions.publish_dates(by=third.who.admin, wave=third.wave, version=third.wave.version, reason="Told")
    released = Wave.objects.filter(pk=3)
    assert "with its manifest" in broken(lambda: released.update(state="released", released_by=entry))
    WaveManifest.objects.create(wave=third.wave, entry=entry, content="x", sha256="a" * 64)
    assert "second person" in broken(lambda: released.update(state="released", released_by=entry))
    WaveStep.objects.create(wave=third.wave, action="confirm", by=third.who.admin, at=clock.now())  # who froze it
    assert "second person" in broken(lambda: released.update(state="released", released_by=entry))


def test_frozen_without_list(third):
    assert "list" in broken(
        lambda: [Wave.objects.filter(pk=3).update(state="decided"), Wave.objects.filter(pk=3).update(state="frozen")]
    )


def test_early_not_when_the_releaser_may_not_release(db):
    Installation.declare(demonstration=True)
    with clock.story_time(RELEASE - timedelta(days=2)):
        third = scene()
        other = told.person("programme_admin")
        told.ready(third.who, third.wave)
        actions.schedule_release(
            by=other, wave=third.wave, version=third.wave.version, release_at=RELEASE, early_hours=20
        )
    bid = third.wave.bids.first()
    with clock.story_time(RELEASE - timedelta(hours=3)):
        outbox.beat()
        assert early_outcome(bid.lead, bid) is not None
        RoleGrant.objects.filter(user=other).update(
            period=(RELEASE.date() - timedelta(days=9), RELEASE.date() - timedelta(days=1))
        )
        other = type(other).objects.get(pk=other.pk)
        assert early_outcome(bid.lead, bid) is None
