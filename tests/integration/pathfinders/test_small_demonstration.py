"""What a newcomer meets in a demonstration only: its outbox, its story time, the words that say what it is."""

from datetime import date
from typing import Any

import pytest
from django.test import Client, override_settings

from pathfinders.case_log import history
from pathfinders.models import Bid
from registry.models import Mail, MailState, User
from registry.moment import Moment
from registry.pages.errors import csrf_failure, server_error
from tests.desk import text_of
from tests.support.crawl import session
from tests.support.small_demonstration import TODAY, small_demonstration
from transitions.milestones import versions


def build_world() -> None:
    with override_settings(DEMO=True):
        small_demonstration()


@pytest.fixture
def demonstration(settings: Any, in_world: None) -> None:
    settings.DEMO = True


def outbox(user: User | None) -> str:
    return session(user).get("/outbox/", follow=True).content.decode()


def test_each_finds_the_letters_that_left_for_them_and_no_held_one(demonstration: None) -> None:
    held = Mail.objects.create(
        message_id="<h>", recipient="P-LEAD-0001", to="l@x", subject="Held back", body="Yes", held_for="wave-6",
        state=MailState.HELD,
    )  # fmt: skip
    bidder = User.objects.get(ref="P-LEAD-0001")
    assert "We have your bid" in outbox(bidder)
    assert "Held back" not in outbox(bidder)
    assert "Held back" in outbox(User.objects.get(email="approver@demo.invalid"))
    for role in ("consortium_lead", "pct_lead", "sha_assessor", "analyst"):
        shown = outbox(User.objects.get(email=f"{role}@demo.invalid"))
        asked = "A bid in your area" in shown
        assert asked == (role in ("pct_lead", "sha_assessor")), role
        assert asked or "No letter to you has left yet" in shown, role
        assert "We have your bid" not in shown, role
    held.state, held.sent_at = MailState.SENT, held.written_at
    held.save()
    assert "Held back" in outbox(bidder)


def test_outside_a_demonstration_there_is_no_outbox_for_all(demonstration: None, settings: Any) -> None:
    settings.DEMO = False
    assert session(User.objects.get(ref="P-LEAD-0001")).get("/outbox/").status_code == 404
    assert Client(headers={"host": "localhost"}).get("/outbox/").status_code == 302


def test_history_and_letters_tell_story_time(demonstration: None) -> None:
    submitted = Bid.objects.get(name="Camberwell")
    assert {step.at.date() for step in history(submitted)} == {TODAY}
    assert {mail.written_at.date() for mail in Mail.objects.filter(about=submitted.ref)} == {TODAY}
    released = Bid.objects.get(name="Bexley")
    assert {step.at.date() for step in history(released)} == {date(2010, 12, 8)}


def test_somebody_signed_in_becomes_somebody_else_by_one_button_and_lands_in_their_own_area(
    demonstration: None,
) -> None:
    client = Client(headers={"host": "localhost"})
    assert client.post("/accounts/demo-login/", {"user": "consortium_lead"})["Location"] == "/lead/"
    assert 'value="assessor"' in client.get("/accounts/login/").content.decode()
    assert client.post("/accounts/demo-login/", {"user": "assessor"})["Location"] == "/staff/"
    assert "Ann Assessor" in client.get("/staff/").content.decode()


def test_the_pages_of_faults_say_that_it_is_a_demonstration(settings: Any, rf: Any) -> None:
    for demo in (True, False):
        settings.DEMO = demo
        request = rf.post("/lead/start/", headers={"host": "localhost"})
        request.user, request.session = User.objects.system(), Client().session
        for page in (server_error(None), csrf_failure(request)):
            assert (b"Demonstration data" in page.content) is demo


def test_the_deadline_stands_from_the_storys_beginning(demonstration: None) -> None:
    (first,) = versions(None, Moment.now())
    assert (first.day, first.words, first.known_from) == (date(2012, 10, 1), "autumn 2012", date(2010, 10, 1))
    assert first.opened_by.at.date() == date(2010, 10, 1)
    page = Client(headers={"host": "localhost"}).get("/unaffiliated/")
    assert "396 days to go" in text_of(page)
