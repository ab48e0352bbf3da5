"""Why a practice is in no consortium, and who may say so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from consortia.actions.left_out import say_why_left_out
from consortia.models import LeftOut
from practices.models import PracticeStatus
from registry import clock
from registry.errors import Refused
from registry.models import Entry, EntryKind
from tests import factories as make
from tests import programme as told
from tests.factories import writing

pytestmark = pytest.mark.django_db
MAY, JUNE = date(2011, 5, 1), date(2011, 6, 1)


@pytest.fixture
def practice():
    return make.make_practice("Z00001", pct=make.make_pct("5LE", last_day=None))


@pytest.fixture
def admin():
    return told.person("programme_admin")


def spells(practice):
    rows = LeftOut.objects.current().filter(practice=practice).order_by("effective")
    return [(r.effective.lower, r.effective.upper, r.reason, r.said_by) for r in rows]


def refused(**more) -> Refused:
    before = Entry.objects.count()
    with pytest.raises(Refused) as error:
        say_why_left_out(**more)
    assert Entry.objects.count() == before
    return error.value


def test_who_says_it_is_who_records_it(practice, admin):
    for person, said_by in (
        (admin, "staff"),
        (told.person(pct_lead="5LE"), "pct"),
        (told.person(practice_manager="Z00001"), "practice"),
    ):
        say_why_left_out(by=person, practice=practice, reason="undecided", on=MAY)
        assert spells(practice) == [(MAY, None, "undecided", said_by)]


def test_today_is_an_event_a_past_day_late_another_word_for_that_day_a_correction(practice, admin):
    assert say_why_left_out(by=admin, practice=practice, reason="undecided").kind == EntryKind.EVENT
    assert say_why_left_out(by=admin, practice=practice, reason="objection", on=MAY).kind == EntryKind.LATE
    assert say_why_left_out(by=admin, practice=practice, reason="new_practice", on=MAY).kind == EntryKind.CORRECTION
    assert say_why_left_out(by=admin, practice=practice, reason="new_practice", on=MAY) is None
    today = clock.today()
    assert spells(practice) == [(MAY, today, "new_practice", "staff"), (today, None, "undecided", "staff")]


def test_it_holds_until_the_practice_joins_and_no_longer(practice, admin):
    make.make_membership(practice, make.make_consortium(), JUNE, last_day=date(2011, 8, 31))
    say_why_left_out(by=admin, practice=practice, reason="undecided", on=MAY)
    assert spells(practice) == [(MAY, JUNE, "undecided", "staff")]


def test_and_ends_when_it_joins_later(practice, admin):
    say_why_left_out(by=admin, practice=practice, reason="undecided", on=MAY)
    make.make_membership(practice, make.make_consortium(), JUNE)
    assert spells(practice) == [(MAY, JUNE, "undecided", "staff")]


def test_others_may_not(practice):
    people = {
        "another PCT's lead": told.person(pct_lead="5AA"),
        "another's manager": told.person(practice_manager="Z00002"),
        "a lead": told.person(consortium_lead="GC0001"),
        "an assessor": told.person("assessor"),
    }
    for who, person in people.items():
        assert refused(by=person, practice=practice, reason="undecided", on=MAY).status == 403, who


def test_the_pct_of_the_day_counts_not_todays(practice):
    make.make_parent(practice, make.make_pct("5AA", last_day=None), JUNE)
    before, after = told.person(pct_lead="5LE"), told.person(pct_lead="5AA")
    assert refused(by=after, practice=practice, reason="undecided", on=MAY).status == 403
    assert refused(by=before, practice=practice, reason="undecided", on=JUNE).status == 403
    say_why_left_out(by=before, practice=practice, reason="undecided", on=MAY)
    say_why_left_out(by=after, practice=practice, reason="objection", on=JUNE)
    assert [s[2:] for s in spells(practice)] == [("undecided", "pct"), ("objection", "pct")]


def test_not_of_a_member(practice, admin):
    make.make_membership(practice, make.make_consortium("GC0007"), MAY)
    error = refused(by=admin, practice=practice, reason="undecided", on=MAY)
    assert (error.status, "GC0007" in error.message) == (409, True)


def test_only_of_what_counts_on_the_day(practice, admin):
    with writing("dormant") as entry:
        entry.set(PracticeStatus, (practice.pk,), JUNE, None, ("D",))
    others = {
        "dormant": (practice, JUNE),
        "not there yet": (make.make_practice("Z00002", opened=JUNE), MAY),
        "closed": (make.make_practice("Z00003", last_day=date(2011, 4, 30)), MAY),
        "a prison": (make.make_practice("Z00004", setting=25), MAY),
        "Welsh": (make.make_practice("W00001"), MAY),
    }
    for what, (other, on) in others.items():
        assert refused(by=admin, practice=other, reason="undecided", on=on).field == "practice", what
    say_why_left_out(by=admin, practice=practice, reason="undecided", on=MAY)
    assert spells(practice) == [(MAY, JUNE, "undecided", "staff")]


@pytest.mark.parametrize(("more", "field"), [({"reason": "founding"}, "reason"), ({"reason": ""}, "reason")])
def test_a_reason_of_the_vocabulary(practice, admin, more, field):
    assert refused(**{"by": admin, "practice": practice, "on": MAY} | more).field == field


def test_of_no_day_to_come(practice, admin):
    tomorrow = clock.today() + timedelta(days=1)
    assert refused(by=admin, practice=practice, reason="undecided", on=tomorrow).field == "on"
