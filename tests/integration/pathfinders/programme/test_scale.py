"""A release of wave 2's size: 89 pathfinders, 2,183 practices (domain.md section 3.1)."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consortia.models import Membership
from pathfinders import actions
from pathfinders.models import (
    Decision,
    PathfinderParticulars,
    WaveManifest,
)
from registry.feed import broken_links
from registry.models import Mail
from tests import programme as told
from tests.bench import release as bench
from tests.desk import day, signed_in, text_of
from tests.support.decided_wave import BIDS, PRACTICES, decided_wave, recommended_wave

pytestmark = pytest.mark.django_db


def test_a_release_of_wave_twos_size_takes_under_60_questions_and_2_seconds_of_the_application():
    who = told.people()
    wave = decided_wave(who)
    with CaptureQueriesContext(connection) as queries:
        plan = actions.plan_release(wave)
    assert (plan.figures["pathfinders"], plan.figures["practices"]) == (BIDS, PRACTICES)
    assert len(queries) <= 13

    version = told.ready(who, wave).version
    start = time.process_time()  # other processes on the machine do not count
    with CaptureQueriesContext(connection) as queries:
        actions.release_wave(by=who.admin, wave=wave, version=version)
    took = time.process_time() - start
    assert len(queries) < 60
    assert took < 2
    assert PathfinderParticulars.objects.count() == BIDS
    assert Membership.objects.current().count() == PRACTICES
    assert WaveManifest.objects.get().content.count("\npractice\t") == PRACTICES
    assert list(broken_links()) == []


def test_the_benchmark_of_a_release_measures_it_and_the_bare_rows():
    who = told.people()
    wave = told.wave(who)
    told.decided(who, wave)
    measured = bench.release(by=who.admin, wave=told.ready(who, wave))
    assert told.fresh(wave).state == "released" and measured.rows > 10
    assert 0 < measured.bare < measured.release


def test_89_bids_are_decided_in_three_clicks_and_under_5_seconds():
    """The wave's page, the submission, the button on it: one decision and one letter a bid, the release then takes
    them all."""
    who = told.people()
    wave, _ = recommended_wave(who)
    client = signed_in(who.approver)
    page = client.get(f"/staff/waves/{wave.number}/")
    assert 'href="submission/"' in text_of(page)  # the first click

    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/staff/waves/{wave.number}/submission/")
    assert page.status_code == 200 and len(queries) <= 30
    form = page.context["form"]
    typed = {name: form[name].value() for name in ("version", "bids")}
    typed |= day("decided_on", "20 2 2011") | {"on_behalf_of": "Minister of State", "sure": "on"}  # the second: "sure"

    start, worked = time.monotonic(), time.process_time()
    answer = client.post(f"/staff/waves/{wave.number}/submission/", typed)  # the third
    took, worked = time.monotonic() - start, time.process_time() - worked
    print(f"{BIDS} bids decided in {took:.2f} s, {worked:.2f} s of the application")
    assert answer.status_code == 302 and took < 5
    decisions = Decision.objects.all()
    assert decisions.count() == BIDS
    assert {(d.outcome, d.number, d.decided_by, d.on_behalf_of) for d in decisions.select_related("decided_by")} == {
        ("approved", 1, who.approver, "Minister of State")
    }
    assert Mail.objects.filter(state="held", held_for="wave-3").count() == BIDS
    told.release(who, wave)
    assert PathfinderParticulars.objects.count() == BIDS
