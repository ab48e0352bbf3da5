"""Whoever opens a page that tells of an outcome before its release is recorded (issue 5, Embargo)."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from pathfinders.models import EmbargoView
from pathfinders.urls.staff import urlpatterns
from pathfinders.views.staff.waves import OneWave
from registry.models import User
from tests import factories as make
from tests import programme as told
from tests.desk import signed_in, text_of

pytestmark = pytest.mark.django_db

OF_A_WAVE = [str(p.pattern) for p in urlpatterns if str(p.pattern).startswith("waves/<int:number>/")]


@pytest.fixture
def who() -> told.People:
    return told.people()


def paths(number: int = 3) -> list[str]:
    return [f"/staff/{route.replace('<int:number>', str(number))}" for route in OF_A_WAVE if route.count("<") == 1]


def recorded(user: User) -> set[tuple[str, int | None, str]]:
    return set(EmbargoView.objects.filter(who=user).values_list("path", "wave", "bid"))


def test_every_page_of_a_wave_records_who_is_shown_it(who: told.People) -> None:
    wave = told.wave(who, 3)
    told.decided(who, wave)
    client, answered = signed_in(who.admin), set()
    for stage in (lambda: None, lambda: told.frozen(who, wave), lambda: told.ready(who, wave)):
        stage()
        answered |= {path for path in paths() if client.get(path).status_code == 200}
        assert recorded(who.admin) == {(path, 3, "") for path in answered}, "one row for each page, none for a refusal"
    assert {f"/staff/waves/3/{page}" for page in ("", "submission/", "release/")} <= answered
    assert not EmbargoView.objects.exclude(who=who.admin).exists()


def test_no_page_of_a_wave_can_forget_it() -> None:
    assert OF_A_WAVE
    resolver = get_resolver()
    for route in OF_A_WAVE:
        path = f"/staff/{route.replace('<int:number>', '3').replace('<int:pk>', '1')}"
        view = getattr(resolver.resolve(path).func, "view_class", None)
        assert view is not None and issubclass(view, OneWave), f"{path} is no OneWave, which records who sees it"


def test_a_refusal_a_missing_page_and_a_released_wave_leave_no_row(who: told.People) -> None:
    wave = told.wave(who, 3)
    told.decided(who, wave)
    told.release(who, wave)
    before = EmbargoView.objects.count()
    client = signed_in(who.admin)
    assert client.get("/staff/waves/3/").status_code == 200
    assert client.get("/staff/waves/4/").status_code == 404
    assert signed_in(who.lead).get("/staff/waves/3/").status_code == 403
    told.wave(who, 5)
    assert client.head("/staff/waves/5/").status_code == 200
    assert EmbargoView.objects.count() == before


def test_a_bid_is_recorded_once_decided_and_until_its_release(who: told.People) -> None:
    wave = told.wave(who, 3)
    bid = told.assessed(who)
    path, client = f"/staff/bids/{bid.ref}/", signed_in(who.assessor)
    client.get(path)
    assert recorded(who.assessor) == set()
    bid = told.decide(who, bid, wave)
    client.get(path)
    client.get(path)
    assert list(EmbargoView.objects.values_list("path", "wave", "bid")) == [(path, 3, bid.ref)]
    told.release(who, wave)
    signed_in(who.approver).get(path)
    assert recorded(who.approver) == set()


def test_held_letters_in_the_outbox_are_recorded(who: told.People) -> None:
    bids = [told.decided(who, told.wave(who, 3), name="One"), told.assessed(who, name="Two")]
    client = signed_in(who.approver)
    client.get("/staff/outbox/?state=queued")
    assert recorded(who.approver) == set()
    client.get("/staff/outbox/")
    assert recorded(who.approver) == {("/staff/outbox/", 3, bids[0].ref)}


def test_a_form_that_is_refused_shows_the_page_too(who: told.People) -> None:
    wave = told.wave(who, 3)
    told.decided(who, wave)
    client = signed_in(who.admin)
    assert client.post("/staff/waves/3/release/", {}).status_code == 422
    assert recorded(who.admin) == {("/staff/waves/3/release/", 3, "")}


def test_it_costs_one_statement(who: told.People) -> None:
    wave = told.wave(who, 3)
    told.decided(who, wave)
    client = signed_in(who.admin)
    client.get("/staff/waves/3/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/staff/waves/3/")
    assert sum("pathfinders_embargoview" in query["sql"] for query in asked) == 1


def test_the_list_is_the_administrators_with_filters_and_a_file(who: told.People) -> None:
    told.decided(who, told.wave(who, 3))
    signed_in(who.approver).get("/staff/waves/3/")
    signed_in(who.assessor).get("/staff/waves/3/submission/")
    assert signed_in(who.approver).get("/staff/embargo/").status_code == 403
    client = signed_in(who.admin)
    words = text_of(client.get("/staff/embargo/"))
    assert "Avery Approver" in words and "Ash Assessor" in words and "kept for as long as the register" in words
    words = text_of(client.get("/staff/embargo/?wave=3&person=avery"))
    assert "Avery Approver" in words and "Ash Assessor" not in words
    file = client.get("/staff/embargo/list.csv?person=ash")
    rows = list(csv.DictReader(io.StringIO(text_of(file))))
    assert [(r["who"], r["path"], r["wave"]) for r in rows] == [("Ash Assessor", "/staff/waves/3/submission/", "3")]
    assert client.get("/staff/embargo/list.csv?wave=99").status_code == 400


def test_an_administrator_learns_nothing_of_the_own_bid(who: told.People) -> None:
    """That somebody opened it would tell that it was decided."""
    pct = make.make_pct("5LE", sha=make.make_sha("Q36"))
    bid = told.decided(who, told.wave(who, 3), [make.make_practice(pct=pct) for _ in range(2)])
    signed_in(who.assessor).get(f"/staff/bids/{bid.ref}/")
    assert EmbargoView.objects.visible_to(who.admin).count() == 1
    deputy = told.person("programme_admin", consortium_deputy=bid.ref)
    assert EmbargoView.objects.visible_to(deputy).count() == 0
    assert bid.ref not in text_of(signed_in(deputy).get("/staff/embargo/"))
