"""Whatever closes a practice, or makes it another thing, ends its membership in the same entry."""

from datetime import date

import pytest

from consortia.models import Membership
from practices.models import PracticeParticulars, PracticeStatus
from registry.models.fact import Lower, Upper
from tests import factories as make

pytestmark = pytest.mark.django_db
JOINED, CLOSED = date(2011, 1, 1), date(2012, 7, 1)


@pytest.fixture
def member():
    practice = make.make_practice()
    make.make_membership(practice, make.make_consortium(), JOINED)
    return practice


def spells(practice):
    found = Membership.objects.current().filter(practice=practice)
    return list(found.annotate(f=Lower("effective"), t=Upper("effective")).values_list("f", "t"))


def test_a_status_that_says_closed_ends_the_membership(member):
    with make.writing("import_practices") as entry:
        entry.set(PracticeStatus, (member.pk,), CLOSED, None, ("C",))
    assert spells(member) == [(JOINED, CLOSED)]
    assert entry.counts["membership"] == (1, 1)


def test_a_dormant_practice_stays_a_member(member):
    with make.writing("import_practices") as entry:
        entry.set(PracticeStatus, (member.pk,), CLOSED, None, ("D",))
    assert spells(member) == [(JOINED, None)]


def test_an_opening_told_later_makes_the_membership_begin_then(member):
    with make.writing("import_practices") as entry:
        entry.clear(PracticeStatus, (member.pk,), None, date(2011, 3, 1))
    assert spells(member) == [(date(2011, 3, 1), None)]


def test_what_is_no_gp_practice_any_more_is_no_member(member):
    with make.writing("import_practices") as entry:
        entry.set(PracticeParticulars, (member.pk,), CLOSED, None, ("WALK-IN CENTRE", "", "", "", 1))
    assert spells(member) == [(JOINED, CLOSED)]
