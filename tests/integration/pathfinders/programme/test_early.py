"""A lead reads the own outcome some hours before the release, and nobody else anything (issue 5, Embargo)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.html import escape

from pathfinders import actions
from pathfinders.early import early_outcome
from pathfinders.models import Bid, EmbargoView, Wave
from registry import clock, outbox
from registry.models import Heartbeat, Installation, Mail, User
from tests import factories as make
from tests import programme as told
from tests.desk import signed_in, text_of

pytestmark = pytest.mark.django_db

RELEASE = datetime(2011, 3, 2, 9, 30, tzinfo=UTC)
TOLD = "Under embargo until 09:30 on 2 March 2011: tell nobody"


@pytest.fixture
def who(db: None) -> told.People:
    Installation.declare(demonstration=True)
    return told.people()


@pytest.fixture
def bid(who: told.People) -> Bid:
    """Declined in a wave that is ready and is released on 2 March at 09:30, told 20 hours early."""
    with before_release(timedelta(days=2)):
        pct = make.make_pct("5LE", sha=make.make_sha("Q36"))
        practices = [make.make_practice(pct=pct, patients=1000) for _ in range(2)]
        wave = told.wave(who, 3)
        bid = told.decided(who, wave, practices, "declined", name="Southwark")
        told.ready(who, wave)
        set_hours(who, 20)
    return bid


def set_hours(who: told.People, hours: int) -> None:
    wave = Wave.objects.get(pk=3)
    actions.schedule_release(by=who.admin, wave=wave, version=wave.version, release_at=RELEASE, early_hours=hours)


def before_release(ahead: timedelta) -> AbstractContextManager[None]:
    return clock.story_time(RELEASE - ahead)


def page(user: User, bid: Bid) -> str:
    return text_of(signed_in(user).get(f"/lead/bids/{bid.ref}/"))


def test_inside_the_hours_the_lead_and_a_deputy_read_outcome_and_letter(who: told.People, bid: Bid) -> None:
    deputy = told.person(consortium_deputy=bid.ref)
    with before_release(timedelta(hours=20, seconds=1)):
        assert early_outcome(who.lead, bid) is None and TOLD not in page(who.lead, bid)
    assert not EmbargoView.objects.exists()

    letter = Mail.objects.get(about=bid.ref, state="held")
    with before_release(timedelta(hours=20)):
        for reader in (who.lead, deputy):
            early = early_outcome(reader, bid)
            assert early is not None and (early.outcome, early.until, early.letter) == ("Declined", RELEASE, letter)
            words = page(reader, bid)
            assert TOLD in words and "Outcome: Declined" in words
            assert escape(letter.subject) in words and escape(letter.body) in words
    rows = EmbargoView.objects.order_by("pk").values_list("who", "path", "wave", "bid")
    path = f"/lead/bids/{bid.ref}/"
    assert list(rows) == [(reader.pk, path, 3, bid.ref) for reader in (who.lead, deputy)]


def test_nobody_else_is_told_and_nothing_else_changes(who: told.People, bid: Bid) -> None:
    others = (who.assessor, who.admin, told.person(pct_lead="5LE"), told.person(sha_assessor="Q36"), told.person())
    with before_release(timedelta(hours=1)):
        assert [early_outcome(other, bid) for other in others] == [None] * len(others)
        assert early_outcome(who.lead, bid) is not None
        assert bid.shown_state(who.lead) == "under_assessment"
        assert [row["shown_state"] for row in Bid.objects.own(who.lead).shown_to(who.lead)] == ["under_assessment"]
        assert not Mail.objects.visible_to(who.lead).filter(state="held").exists()
        for path in ("/lead/", f"/api/v1/bids/{bid.ref}/", "/api/v1/bids/"):
            assert "eclined" not in text_of(signed_in(who.lead).get(path))


def test_it_vanishes_with_whatever_stands_in_the_way_of_the_release(who: told.People, bid: Bid) -> None:
    def seen() -> bool:
        return early_outcome(who.lead, Bid.objects.get(pk=bid.pk)) is not None

    def take(step: Any, **more: Any) -> None:
        wave = Wave.objects.get(pk=3)
        step(wave=wave, version=wave.version, **more)

    with before_release(timedelta(hours=2)):
        assert seen()
        actions.hold_wave(by=who.assessor, wave=Wave.objects.get(pk=3))
        assert not seen() and TOLD not in page(who.lead, bid)
        take(actions.lift_hold, by=who.admin)
        assert seen()

        take(actions.announce_wave, by=who.admin, title="Anew", text="Other words.")
        assert not seen(), "what a second person confirmed is not this announcement"
        take(actions.confirm_wave, by=who.approver)
        assert seen()

        set_hours(who, 0)
        assert not seen()
        set_hours(who, 20)
        Heartbeat.objects.update(at=clock.real_now() - timedelta(minutes=6))
        assert not seen(), "nobody would send the letters"
        outbox.beat()
        assert seen()

        take(actions.thaw_wave, by=who.admin, reason="A name is wrong.")
        assert not seen()


def test_at_the_time_of_release_it_ends(who: told.People, bid: Bid) -> None:
    with before_release(timedelta(0)):
        assert early_outcome(who.lead, bid) is None
        assert early_outcome(who.lead, bid, now=RELEASE - timedelta(minutes=1)) is not None
