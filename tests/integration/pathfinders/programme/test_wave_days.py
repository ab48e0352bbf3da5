"""What the public is told of a wave to come: nothing until it is published; then each version, each slip, its reason."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from pathfinders import actions
from pathfinders.actions.wave_days import untold
from pathfinders.models import WaveDate, WaveDay
from pathfinders.reads import wave_days as read
from registry import clock
from registry.clock import on_day
from registry.errors import Refused
from registry.models import Entry, Installation
from registry.moment import Moment
from tests import programme as told
from tests.desk import text_of

pytestmark = pytest.mark.django_db
ANYONE = AnonymousUser()
OPENS, CUT_OFF, MOVED = date(2011, 1, 10), date(2011, 2, 1), date(2011, 2, 8)
WHY = "Snow in three regions"


@pytest.fixture
def who():
    Installation.declare(demonstration=True)
    with clock.story_time(on_day(date(2011, 1, 5))):
        yield told.people()


@pytest.fixture
def wave(who):
    return actions.forecast_wave(
        by=who.admin,
        number=3,
        opens_on=OPENS,
        closes_on=CUT_OFF,
        decides_on=date(2011, 2, 24),
        announced_on=told.ANNOUNCED_ON,
    )


def publish(who, wave, reason="As promised"):
    return actions.publish_dates(by=who.admin, wave=wave, version=told.fresh(wave).version, reason=reason)


def at(day, hour=12):
    return clock.story_time(on_day(day, hour))


def days_of(day=None):
    moment = Moment.of(day) if day else Moment.now()
    return [(r["kind"], r["version"], r["day"], r["actual"]) for r in read.of_wave(ANYONE, moment, 3)]


def public_bytes():
    client = Client()
    paths = ("/waves/", "/waves/3/", "/api/v1/waves/", "/api/v1/changes/", "/changes/")
    return [text_of(client.get(path)) for path in paths]


def test_nothing_of_a_wave_to_come_is_public_before_its_dates_are_published(who):
    make_public = told.wave(who, 1, date(2011, 1, 5))
    bid = told.assessed(who, as_at=date(2011, 1, 4))
    told.decide(who, bid, make_public, decided_on=date(2011, 1, 5))
    told.release(who, make_public)
    before = public_bytes()
    wave = actions.forecast_wave(by=who.admin, number=3, closes_on=CUT_OFF, announced_on=told.ANNOUNCED_ON)
    actions.date_wave(by=who.admin, wave=wave, version=wave.version, closes_on=MOVED, reason=WHY)
    actions.open_forecast(by=who.admin, wave=wave, version=told.fresh(wave).version)
    assert public_bytes() == before
    publish(who, wave)
    after = public_bytes()
    assert after != before and WHY in after[0] and "8 February 2011" in after[0]


def test_the_dates_but_for_the_decisions_are_told_in_one_entry(who, wave):
    entry = publish(who, wave, "Bidders ask when")
    assert (entry.action, entry.reason, entry.kind, entry.changes) == ("publish_dates", "Bidders ask when", "event", 3)
    assert days_of() == [
        ("opens_on", 1, OPENS, False),
        ("closes_on", 1, CUT_OFF, False),
        ("announced_on", 1, told.ANNOUNCED_ON, False),
    ]
    assert [row.kind for row in untold(wave)] == []
    with pytest.raises(Refused) as error:
        publish(who, wave)
    assert (error.value.code, error.value.status) == ("no_change", 409)
    assert Entry.objects.filter(action="publish_dates").count() == 1


def test_a_slip_is_told_when_it_is_published_and_not_before(who, wave):
    publish(who, wave)
    with at(OPENS):
        actions.open_forecast(by=who.admin, wave=wave, version=told.fresh(wave).version)
    with at(date(2011, 1, 28)):
        actions.date_wave(
            by=who.admin, wave=wave, version=told.fresh(wave).version, closes_on=MOVED, reason=f" {WHY} "
        )
        assert ("closes_on", 2, MOVED, False) not in days_of()
    with at(date(2011, 1, 29)):
        publish(who, wave, "It was moved")
        assert days_of() == [
            ("opens_on", 1, OPENS, False),
            ("opens_on", 2, OPENS, True),
            ("closes_on", 1, CUT_OFF, False),
            ("closes_on", 2, MOVED, False),
            ("announced_on", 1, told.ANNOUNCED_ON, False),
        ]
        slipped = next(r for r in read.of_wave(ANYONE, Moment.now(), 3) if r["version"] == 2 and not r["actual"])
        assert (slipped["reason"], slipped["said_on"]) == (WHY, date(2011, 1, 29))
        page = text_of(Client().get("/waves/"))
        assert "Waves to come" in page and f"from 1 February 2011 to 8 February 2011: {WHY}" in page
        earlier = text_of(Client().get("/waves/?as_of=2011-01-28"))
        assert "1 February 2011" in earlier and WHY not in earlier and "8 February 2011" not in earlier
        assert "Waves to come" not in text_of(Client().get("/waves/?as_of=2011-01-04"))
        assert Client().get("/waves/3/").status_code == 404
        assert Client().get("/api/v1/waves/").json()["results"] == []


def test_the_release_tells_the_rest_and_that_it_has_happened(who, wave):
    publish(who, wave)
    with at(OPENS):
        actions.open_forecast(by=who.admin, wave=wave, version=told.fresh(wave).version)
    with at(told.ANNOUNCED_ON, 9):
        bid = told.decided(who, wave)
        actions.set_going_live_months(
            by=who.admin, wave=wave, version=told.fresh(wave).version, months={bid.ref: date(2011, 4, 1)}
        )
        entry = told.release(who, wave)
        told_then = WaveDay.objects.filter(opened_by=entry)
        # The opening that happened, the decisions as expected and as they happened, the announcement.
        assert sorted(told_then.values_list("kind", "version", "actual")) == [
            ("announced_on", 2, True),
            ("decides_on", 1, False),
            ("decides_on", 2, True),
            ("opens_on", 2, True),
        ]
        assert WaveDay.objects.current().count() == WaveDate.objects.count()
        row = Client().get("/api/v1/waves/").json()["results"][0]
        assert "dates" in row and [d["kind"] for d in row["dates"]] == [r[0] for r in days_of()]
        assert row["dates"][-1] == {
            "kind": "announced_on",
            "version": 2,
            "day": "2011-03-02",
            "actual": True,
            "reason": "",
            "said_on": "2011-03-02",
        }
        page = text_of(Client().get("/waves/3/"))
        assert 'id="dates"' in page and "Decisions by" in page
        assert "Waves to come" not in text_of(Client().get("/waves/"))
        pathfinder = Client().get("/api/v1/pathfinders/").json()["results"][0]
        three = [pathfinder[name] for name in ("approved_on", "announced_on", "goes_live_on")]
        assert three == ["2011-02-20", "2011-03-02", "2011-04-01"]
        with pytest.raises(Refused) as error:
            publish(who, wave)
        assert error.value.status == 409 and "this wave is released" in error.value.message


def test_who_publishes_says_why_and_saw_the_wave_as_it_is(who, wave):
    for by, version, reason, status in (
        (who.approver, wave.version, "Because", 403),
        (who.lead, wave.version, "Because", 403),
        (who.admin, wave.version + 1, "Because", 412),
        (who.admin, wave.version, "  ", 422),
    ):
        with pytest.raises(Refused) as error:
            actions.publish_dates(by=by, wave=wave, version=version, reason=reason)
        assert error.value.status == status
    assert not WaveDay.objects.exists()


def test_what_has_happened_is_put_right_but_not_put_off(who, wave):
    with at(OPENS):
        actions.open_forecast(by=who.admin, wave=wave, version=told.fresh(wave).version)
        given = {"by": who.admin, "wave": wave, "reason": "It was the day before"}
        with pytest.raises(Refused) as error:
            actions.date_wave(**given, version=told.fresh(wave).version, opens_on=date(2011, 1, 12))
        assert (error.value.code, error.value.field) == ("future_date", "opens_on")
        actions.date_wave(**given, version=told.fresh(wave).version, opens_on=date(2011, 1, 9))
    said = WaveDate.objects.filter(kind="opens_on").order_by("version").values_list("day", "actual")
    assert list(said) == [(OPENS, False), (OPENS, True), (date(2011, 1, 9), True)]


def test_a_month_before_the_announcement_stops_the_wave_until_it_is_put_right(who, wave):
    with at(told.ANNOUNCED_ON, 9):
        actions.open_forecast(by=who.admin, wave=wave, version=told.fresh(wave).version)
        bid = told.decided(who, wave)
        set_to = lambda day: actions.set_going_live_months(  # noqa: E731
            by=who.admin, wave=wave, version=told.fresh(wave).version, months={bid.ref: day}
        )
        with pytest.raises(Refused) as error:
            set_to(date(2011, 3, 1))
        assert error.value.detail[0]["bid"] == bid.ref
        set_to(date(2011, 4, 1))
        later = {"announced_on": date(2011, 4, 4), "reason": WHY}
        actions.date_wave(by=who.admin, wave=wave, version=told.fresh(wave).version, **later)
        with pytest.raises(Refused) as error:
            actions.complete_wave(by=who.admin, wave=wave, version=told.fresh(wave).version)
        assert error.value.code == "live_before" and "go live on 1 April 2011" in error.value.message
        set_to(None)
        actions.complete_wave(by=who.admin, wave=wave, version=told.fresh(wave).version)
