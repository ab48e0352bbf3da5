"""The dates of the programme that the project ships, version by version."""

from __future__ import annotations

from datetime import date
from itertools import groupby

import pytest

from registry.models import Entry, User
from tests.factories import at
from transitions import reference
from transitions.actions import load_milestones, set_milestone, tellings
from transitions.milestones import versions
from transitions.models import Milestone


def test_each_version_is_made_known_later_than_the_one_before_and_says_why():
    by_key = sorted(reference.versions(), key=lambda v: (v.key, v.known_from))
    for key, group in groupby(by_key, key=lambda v: v.key):
        first, *later = told = list(group)
        assert not first.why, f"{key}: nothing stood before"
        assert all(v.why for v in later), f"{key}: a plan that moves says why"
        assert len({v.known_from for v in told}) == len(told)
        assert not any(v.settled for v in told[:-1]), f"{key}: what came is no plan any more"
        assert all(v.day <= v.known_from for v in told if v.settled), f"{key}: it came before it was told"
    days = [day for day, _ in tellings()]
    assert days == sorted(days) and days[0] == date(2010, 7, 12)


@pytest.mark.django_db
def test_the_plan_of_a_day_is_the_one_of_that_day():
    by = User.objects.system()
    told = load_milestones(by=by, upto=date(2011, 5, 1))
    assert told == sum(v.known_from <= date(2011, 5, 1) for v in reference.versions())
    assert [v.day for v in versions(None, at(date(2011, 7, 1)), "sha_abolition")] == [date(2012, 4, 1)]
    assert load_milestones(by=by) == len(reference.versions()) - told
    for day, planned in ((date(2011, 5, 1), date(2012, 4, 1)), (date(2011, 7, 1), date(2013, 4, 1))):
        assert Milestone.objects.at(at(day)).get(key="sha_abolition").day == planned
    moved = [(v.known_from, v.day, v.settled) for v in versions(None, at(date(2013, 4, 1)), "nhscb_statutory")]
    assert moved == [
        (date(2010, 7, 12), date(2012, 4, 1), False),
        (date(2011, 6, 20), date(2012, 10, 1), False),
        (date(2012, 10, 1), date(2012, 10, 1), True),
    ]
    entries = Entry.objects.count()
    assert load_milestones(by=by) == 0 and Entry.objects.count() == entries, "twice changes nothing"


@pytest.mark.django_db
def test_a_version_that_stands_is_not_told_again():
    by = User.objects.system()
    set_milestone(
        by=by, key="deadline", name="All", day=date(2012, 9, 1), source="Pulse", known_from=date(2010, 10, 1)
    )
    load_milestones(by=by, upto=date(2010, 12, 1))
    assert Milestone.objects.current().get(key="deadline").name == "All"
