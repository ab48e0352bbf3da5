"""A wave goes off at its time by itself, once, or is put on hold with the reason and a letter to administrators."""

from datetime import date, timedelta

import pytest

from pathfinders import actions
from pathfinders.actions.timed_release import LATEST
from pathfinders.due import run_due
from pathfinders.models import Wave, WaveManifest, WaveRelease, WaveStep
from registry import clock
from registry.models import Entry, Mail
from tests import programme as told

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return told.people()


@pytest.fixture
def wave(who):
    """Announced today, with all that its release asks for."""
    wave = told.wave(who, announced_on=clock.today())
    told.decided(who, wave)
    return told.ready(who, wave)


def timed(who, wave, *, ago=timedelta(0)):
    """Its time is set; then that much time passes."""
    far = clock.now() + timedelta(minutes=1)
    if clock.london_date(far) != wave.announced_on:
        pytest.skip("the London day ends within a minute")
    actions.schedule_release(by=who.admin, wave=wave, version=told.fresh(wave).version, release_at=far)
    if ago is not None:
        Wave.objects.filter(pk=wave.pk).update(release_at=clock.now() - ago)
    return told.fresh(wave)


def letters_of(wave):
    return list(Mail.objects.filter(about=f"wave-{wave.pk}-held").values_list("recipient", flat=True))


def test_it_goes_at_its_time_in_the_name_of_whoever_set_it(who, wave):
    timed(who, wave)
    assert run_due() == ["Wave 3 was released."]
    wave = told.fresh(wave)
    assert wave.state == "released" and WaveManifest.objects.get().entry == wave.released_by
    assert (wave.released_by.actor, wave.released_by.kind) == (who.admin.ref, "release")
    assert not letters_of(wave) and run_due() == []


def test_before_its_time_or_without_one_nothing_happens(who, wave):
    assert run_due() == []
    timed(who, wave, ago=None)
    assert run_due() == [] and told.fresh(wave).state == "frozen"


def test_a_held_wave_does_not_go(who, wave):
    wave = timed(who, wave)
    actions.hold_wave(by=who.assessor, wave=wave)
    assert run_due() == [] and told.fresh(wave).state == "frozen"
    actions.lift_hold(by=who.admin, wave=wave, version=told.fresh(wave).version)
    assert told.fresh(wave).release_at is None and run_due() == []  # its time passed meanwhile: it is set anew


def test_what_a_check_stops_is_put_on_hold_with_a_letter_and_does_not_go_late(who, wave):
    other = told.person("programme_admin", name="Other")
    bidder = told.person("programme_admin", "consortium_lead", name="With a bid")
    told.submitted(told.People(bidder, who.assessor, who.approver, who.admin), name="Waits")
    wave = timed(who, wave)
    bid = wave.bids.get()
    actions.withdraw_bid(by=who.lead, bid=bid, version=bid.lead_version)
    entries = Entry.objects.count()
    (said,) = run_due()
    assert "was not released and is on hold" in said and "is no longer decided in this wave" in said
    held = told.fresh(wave)
    assert (held.state, held.held_by) == ("frozen", who.admin)
    step = WaveStep.objects.filter(wave=wave).last()
    assert step.action == "hold" and "The list is the frozen one" in step.reason and bid.ref not in step.reason
    assert letters_of(wave) == [who.admin.ref, other.ref]  # not to whom it would tell of outcomes
    letter = Mail.objects.filter(about="wave-3-held").first()
    assert bid.ref in letter.body and "/staff/waves/3/release/" in letter.body and letter.state == "queued"
    assert Entry.objects.count() == entries and not WaveRelease.objects.exists()
    assert run_due() == []


def test_whoever_lost_the_role_releases_nothing_and_the_wave_is_held(who, wave):
    timed(who, wave)
    who.admin.grants.update(period=(date(2010, 4, 1), date(2010, 5, 1)))
    other = told.person("programme_admin", name="Other")
    (said,) = run_due()
    assert "You may not" in said and told.fresh(wave).held_by == who.admin
    assert letters_of(wave) == [other.ref]


def test_a_wave_whose_time_passed_long_ago_is_held(who, wave):
    timed(who, wave, ago=LATEST + timedelta(minutes=1))
    assert "more than an hour" in run_due()[0]
    assert told.fresh(wave).held_by == who.admin and not WaveRelease.objects.exists()


def test_a_refusal_of_the_database_leaves_nothing_and_holds(who, wave):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pathfinders_wavemanifest ADD CONSTRAINT none CHECK (wave_id < 0)")
    timed(who, wave)
    assert "The database refused it" in run_due()[0]
    assert told.fresh(wave).held_by == who.admin and not WaveRelease.objects.exists()


def test_of_two_due_waves_one_that_is_stopped_does_not_keep_the_other(who, wave):
    colleagues = told.people()
    second = told.wave(colleagues, number=4, announced_on=clock.today())
    told.decided(colleagues, second, name="Second")
    told.ready(colleagues, second)
    timed(who, wave, ago=timedelta(minutes=2))
    timed(colleagues, second)
    Mail.objects.filter(held_for="wave-3").update(body="Other words")
    said = run_due()
    assert [s.split(":")[0] for s in said] == ["Wave 3 was not released and is on hold", "Wave 4 was released."]
