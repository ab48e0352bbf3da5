"""Why a practice is in no consortium stands only on days on which it lives and is in none, whatever is written."""

from __future__ import annotations

from datetime import date

import pytest

from consortia.models import LeftOut, Membership
from practices.models import PracticeParticulars, PracticeStatus
from registry.models.fact import Lower, Upper
from tests import factories as make

pytestmark = pytest.mark.django_db
JAN, APRIL, JULY, OCTOBER = (date(2011, m, 1) for m in (1, 4, 7, 10))


@pytest.fixture
def practice():
    found = make.make_practice()
    says(found, JAN, None)
    return found


def says(practice, start, end, reason="objection"):
    with make.writing("say_why") as entry:
        entry.set(LeftOut, (practice.pk,), start, end, (reason, "practice"))
    return entry


def spells(practice):
    rows = LeftOut.objects.current().filter(practice=practice).annotate(f=Lower("effective"), t=Upper("effective"))
    return list(rows.order_by("f").values_list("f", "t", "reason"))


def test_joining_ends_the_reason_and_leaving_does_not_bring_it_back(practice):
    make.make_membership(practice, make.make_consortium(), APRIL, last_day=date(2011, 6, 30))
    assert spells(practice) == [(JAN, APRIL, "objection"), (JULY, None, "objection")]
    with make.writing("leave") as entry:
        entry.clear(Membership, (practice.pk,), APRIL, None)
    assert spells(practice) == [(JAN, APRIL, "objection"), (JULY, None, "objection")]


def test_a_reason_said_of_days_on_which_it_is_a_member_stands_on_the_others_only(practice):
    make.make_membership(practice, make.make_consortium(), APRIL, last_day=date(2011, 6, 30))
    says(practice, JAN, OCTOBER, "undecided")
    assert spells(practice) == [(JAN, APRIL, "undecided"), (JULY, OCTOBER, "undecided"), (OCTOBER, None, "objection")]
    says(practice, APRIL, JULY, "special")  # all of it is a member's: nothing is written
    assert "special" not in [reason for *_, reason in spells(practice)]


@pytest.mark.parametrize(
    "model, values", [(PracticeStatus, ("C",)), (PracticeParticulars, ("WALK-IN", "", "", "", 1))]
)
def test_it_ends_with_the_practice(practice, model, values):
    with make.writing("import_practices") as entry:
        entry.set(model, (practice.pk,), JULY, None, values)
    assert spells(practice) == [(JAN, JULY, "objection")]


def test_a_dormant_practice_is_left_out_still(practice):
    with make.writing("import_practices") as entry:
        entry.set(PracticeStatus, (practice.pk,), JULY, None, ("D",))
    assert spells(practice) == [(JAN, None, "objection")]


def test_a_membership_that_its_practice_outlived_leaves_the_reason_alone_in_one_entry(practice):
    """The closing ends membership and reason in the entry that tells of it, and nothing of other practices."""
    other = make.make_practice()
    says(other, JAN, None)
    make.make_membership(practice, make.make_consortium(), JULY)
    with make.writing("import_practices") as entry:
        entry.set(PracticeStatus, (practice.pk,), OCTOBER, None, ("C",))
        entry.set(PracticeStatus, (other.pk,), APRIL, None, ("C",))
    assert spells(practice) == [(JAN, JULY, "objection")] and spells(other) == [(JAN, APRIL, "objection")]
    assert (entry.counts["membership"], entry.counts["left_out"]) == ((1, 1), (1, 1))


def test_many_at_once_are_settled_as_few_are(practice, monkeypatch):
    monkeypatch.setattr("consortia.consequences.MANY", 1)
    make.make_membership(practice, make.make_consortium(), APRIL)
    assert spells(practice) == [(JAN, APRIL, "objection")]
