"""Pathfinders merge: one ends and its consortia stand in the other; what was released is not edited."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from pathfinders.actions import merge_pathfinders
from pathfinders.models import Pathfinder
from pathfinders.reads.coverage import coverage
from registry.errors import Refused
from tests import factories as make
from tests import programme as told

pytestmark = pytest.mark.django_db
ON = date(2011, 3, 2)


@pytest.fixture
def two() -> tuple[Pathfinder, Pathfinder]:
    made = []
    for name in ("North", "South"):
        consortium = make.make_consortium(name=name)
        make.make_membership(make.make_practice(patients=1_000), consortium, date(2010, 12, 8))
        made.append(make.make_pathfinder(consortia=[consortium], name=name))
    return made[0], made[1]


def pathfinders(day: date) -> list[tuple[str, int, int]]:
    rows = coverage(AnonymousUser(), make.at(day), by="pathfinder")
    return [(r["name"], r["consortia"], r["people"]) for r in rows]


def merge(gone: Pathfinder, into: Pathfinder, *, by=None, on: date = ON, reason: str = "They work as one."):
    by = by or told.people().admin
    return merge_pathfinders(by=by, pathfinder=gone, into=into, on=on, reason=reason)


def test_its_consortia_stand_in_the_other_from_that_day(two):
    gone, into = two
    merge(gone, into)
    assert pathfinders(date(2011, 3, 1)) == [("North", 1, 1_000), ("South", 1, 1_000)]
    assert pathfinders(ON) == [("South", 2, 2_000)]


def test_who_may_not_change_the_register_may_not_merge(two):
    with pytest.raises(Refused) as error:
        merge(*two, by=told.people().approver)
    assert error.value.status == 403
    assert len(pathfinders(ON)) == 2


@pytest.mark.parametrize("on", [date(2010, 12, 8), date(2010, 12, 7)])
def test_both_must_have_been_pathfinders_before(two, on):
    with pytest.raises(Refused, match="was not a pathfinder before"):
        merge(*two, on=on)


def test_one_that_has_merged_merges_no_more(two):
    merge(*two)
    with pytest.raises(Refused, match="was not a pathfinder before"):
        merge(*two, on=date(2011, 4, 1))


def test_not_into_itself_and_not_without_a_reason(two):
    with pytest.raises(Refused, match="itself"):
        merge(two[0], two[0])
    with pytest.raises(Refused, match="why"):
        merge(*two, reason=" ")
