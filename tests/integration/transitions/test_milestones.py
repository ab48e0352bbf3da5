"""Milestones: a plan that moves is a new version, a mistake is corrected."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from registry import clock
from registry.errors import Refused
from registry.models import Entry, EntryKind
from tests import programme as told
from tests.factories import at
from transitions.actions import set_milestone
from transitions.milestones import deadline, versions
from transitions.models import Milestone

pytestmark = pytest.mark.django_db
OCTOBER, JANUARY = date(2012, 10, 1), date(2013, 1, 1)
KNOWN, MOVED = date(2010, 12, 1), date(2012, 6, 1)


@pytest.fixture
def admin():
    return told.person("programme_admin")


def put(by, **more):
    first = {"key": "deadline", "name": "All join", "day": OCTOBER, "words": "autumn 2012", "source": "Pulse"}
    return set_milestone(**first | {"by": by, "known_from": KNOWN} | more)


def refused(by, **more) -> Refused:
    before = Entry.objects.count()
    with pytest.raises(Refused) as error:
        put(by, **more)
    assert Entry.objects.count() == before
    return error.value


def days(as_of, known_at=None):
    return [(row.known_from, row.day) for row in versions(None, at(as_of, known_at))]


def test_a_plan_that_moves_is_a_version_of_the_day_it_was_made_known(admin):
    first = put(admin)
    assert first.kind == EntryKind.LATE
    put(admin, day=JANUARY, known_from=MOVED, why="The Bill was paused.")
    assert deadline(None, at(MOVED - timedelta(days=1))).day == OCTOBER
    assert deadline(None, at(MOVED)).day == JANUARY
    assert days(date(2011, 1, 1)) == [(KNOWN, OCTOBER)]
    assert days(MOVED) == [(KNOWN, OCTOBER), (MOVED, JANUARY)]
    assert days(MOVED, first.at) == [(KNOWN, OCTOBER)], "a version recorded later is not known earlier"
    assert deadline(None, at(date(2010, 11, 30))) is None


def test_an_earlier_version_told_later_lasts_until_the_next(admin):
    put(admin, day=JANUARY, known_from=MOVED)
    put(admin)
    assert days(MOVED) == [(KNOWN, OCTOBER), (MOVED, JANUARY)]


def test_a_correction_corrects_the_version_for_all_its_days(admin):
    first = put(admin)
    put(admin, day=JANUARY, known_from=MOVED, why="Moved.")
    entry = put(admin, day=date(2012, 9, 1), known_from=date(2011, 5, 5), why="Misread.", correction=True)
    assert entry.kind == EntryKind.CORRECTION
    assert days(MOVED) == [(KNOWN, date(2012, 9, 1)), (MOVED, JANUARY)]
    assert days(KNOWN, first.at) == [(KNOWN, OCTOBER)]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"key": "The deadline"}, "key"),
        ({"key": "x" * 41}, "key"),
        ({"name": " "}, "name"),
        ({"source": ""}, "source"),
        ({"words": "w" * 101}, "words"),
        ({"day": date(1900, 1, 1)}, "day"),
        ({"known_from": date(2999, 1, 1)}, "known_from"),
    ],
)
def test_what_is_wrong_is_said_with_its_field(admin, more, field):
    assert refused(admin, **more).field == field


def test_nothing_is_made_known_tomorrow(admin):
    assert refused(admin, known_from=clock.today() + timedelta(days=1)).field == "known_from"


def test_what_moves_says_why_and_on_another_day(admin):
    put(admin)
    assert refused(admin, day=JANUARY, known_from=MOVED).field == "why"
    assert refused(admin, day=JANUARY, why="x").status == 409
    assert refused(admin, known_from=date(2010, 1, 1), why="x", correction=True).status == 409
    assert refused(admin, why="", correction=True).field == "why"
    put(admin, why="x", correction=True)
    assert refused(admin, why="x", correction=True).code == "no_change"
    assert Milestone.objects.current().count() == 1


def test_who_changes_the_register(admin):
    for person in (told.person("assessor"), told.person(pct_lead="5LE"), told.person()):
        assert refused(person).status == 403
