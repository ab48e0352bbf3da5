"""Steps towards a practice in no consortium after the deadline, in their order; the last is its allocation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from consortia.models import ComplianceStep, LeftOut, Membership
from registry import clock
from registry.errors import Refused
from registry.models import Entry, Mail
from tests import factories as make
from tests import programme as told
from transitions.actions import allocate, set_milestone, take_step
from transitions.compliance import STEPS

pytestmark = pytest.mark.django_db
DEADLINE = date(2012, 10, 1)
BASIS = "The Act, s. 14A"


@pytest.fixture
def case():
    class Case:
        practice = make.make_practice("Z00001", pct=make.make_pct("5LE", last_day=None), name="THE SURGERY")
        group = make.make_consortium("GC0001", name="Group")
        admin = told.person("programme_admin")
        lead = told.person(consortium_lead="GC0001")
        manager = told.person(practice_manager="Z00001")
        pct_lead = told.person(pct_lead="5LE")

    return Case


@pytest.fixture
def late(case):
    """The deadline is recorded, and has passed."""
    put(case, DEADLINE)
    return case


def put(case, day, **more):
    words = {"key": "deadline", "name": "All join", "source": "Pulse", "known_from": date(2010, 12, 1)}
    set_milestone(by=case.admin, day=day, **words | more)


def step(case, kind, **more):
    return take_step(**{"by": case.admin, "practice": case.practice, "kind": kind, "text": "Please say."} | more)


def give(case, **more):
    first = {"by": case.admin, "practice": case.practice, "consortium": case.group, "on": clock.today()}
    return allocate(**first | {"basis": BASIS, "why": "It is the only one near."} | more)


def refused(call, *args, **more) -> Refused:
    before = (Entry.objects.count(), ComplianceStep.objects.count(), Mail.objects.count())
    with pytest.raises(Refused) as error:
        call(*args, **more)
    assert (Entry.objects.count(), ComplianceStep.objects.count(), Mail.objects.count()) == before
    return error.value


def test_the_whole_way(late):
    for kind in ("asked", "pct", "notice"):
        step(late, kind)
    entry = give(late)
    row = Membership.objects.current().get()
    assert (row.status, row.reason, row.basis, row.effective.lower) == ("allocated", "allocated", BASIS, clock.today())
    steps = list(ComplianceStep.objects.order_by("pk"))
    assert [s.kind for s in steps] == [rule.kind for rule in STEPS]
    assert [s.entry for s in steps] == [None, None, None, entry]
    assert refused(step, late, "asked").status == 409, "the item is closed by it"


def test_each_letter_goes_to_whom_it_concerns(late):
    for kind in ("asked", "pct", "notice"):
        step(late, kind)
    give(late)
    sent = [(mail.recipient, mail.body) for mail in Mail.objects.filter(about="Z00001").order_by("pk")]
    manager, pct_lead, lead = late.manager.ref, late.pct_lead.ref, late.lead.ref
    assert [to for to, _ in sent] == [manager, pct_lead, manager, manager, lead]
    assert all("Please say." in body for _, body in sent[:3])
    for _, body in sent[3:]:
        assert BASIS in body and "It is the only one near." in body and "Group (GC0001)" in body
    assert "ask for a review" in sent[3][1]


def test_why_it_was_left_out_ends_with_it(late):
    with make.writing("why") as entry:
        entry.set(LeftOut, (late.practice.pk,), DEADLINE, None, ("objection", "pct"))
    for kind in ("asked", "pct", "notice"):
        step(late, kind)
    give(late)
    assert LeftOut.objects.current().get().effective.upper == clock.today()


def test_the_steps_are_taken_in_their_order(late):
    assert refused(step, late, "pct").status == 409
    assert refused(step, late, "notice").status == 409
    step(late, "asked")
    assert refused(step, late, "notice").status == 409
    step(late, "pct")
    assert refused(give, late).status == 409
    step(late, "asked")  # again
    step(late, "notice")
    assert give(late).action == "allocate"


def test_a_step_told_late_lies_after_the_one_before(late):
    step(late, "asked", on=date(2012, 11, 1))
    assert refused(step, late, "pct", on=date(2012, 10, 31)).status == 409
    step(late, "pct", on=date(2012, 11, 1))
    step(late, "notice", on=date(2012, 12, 1))
    assert refused(give, late, on=date(2012, 11, 30)).status == 409
    assert give(late, on=date(2012, 12, 1)).kind == "late"


def test_nothing_is_open_before_the_deadline_or_without_one(case):
    assert refused(step, case, "asked").status == 409
    put(case, clock.today() + timedelta(days=1))
    assert refused(step, case, "asked").status == 409
    put(case, clock.today(), known_from=date(2011, 1, 1), why="Sooner.")
    assert step(case, "asked").kind == "asked"


def test_steps_of_an_earlier_time_in_none_do_not_count(late):
    for kind in ("asked", "pct", "notice"):
        step(late, kind, on=date(2012, 11, 1))
    make.make_membership(late.practice, late.group, date(2013, 1, 1), last_day=date(2013, 12, 31))
    assert refused(give, late).status == 409
    assert refused(step, late, "asked", on=date(2013, 12, 31)).field == "on"
    step(late, "asked", on=date(2014, 1, 1))


def test_a_member_is_no_item_nor_is_what_does_not_count(late):
    member = make.make_practice("Z00002")
    make.make_membership(member, late.group, DEADLINE)
    assert refused(step, late, "asked", practice=member).status == 409
    assert refused(step, late, "asked", practice=make.make_practice("Z00003", setting=25)).field == "practice"


class TestAllocation:
    @pytest.fixture
    def warned(self, late):
        for kind in ("asked", "pct", "notice"):
            step(late, kind, on=DEADLINE)
        return late

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"basis": " "}, "basis"),
            ({"basis": "x" * 501}, "basis"),
            ({"why": ""}, "why"),
            ({"on": date(1900, 1, 1)}, "on"),
        ],
    )
    def test_what_is_wrong_is_said_with_its_field(self, warned, more, field):
        assert refused(give, warned, **more).field == field

    def test_not_before_the_deadline(self, warned):
        put(warned, date(2013, 1, 1), known_from=date(2012, 9, 1), why="Later.")
        assert refused(give, warned, on=date(2012, 12, 31)).field == "on"

    def test_not_where_it_joins_one_anyway(self, warned):
        make.make_membership(warned.practice, warned.group, clock.today() + timedelta(days=9))
        assert refused(give, warned).status == 409

    def test_from_a_day_to_come_once(self, warned):
        give(warned, on=clock.today() + timedelta(days=9))
        assert refused(give, warned).status == 409

    def test_not_to_a_consortium_that_is_no_more(self, warned):
        gone = make.make_consortium("GC0002", last_day=date(2013, 3, 31))
        assert refused(give, warned, consortium=gone).field == "consortium"

    def test_by_nobody_who_has_a_part_in_it(self, warned):
        for role in ({"consortium_lead": "GC0001"}, {"practice_manager": "Z00001"}):
            assert refused(give, warned, by=told.person("programme_admin", **role)).status == 403
        for person in (warned.lead, warned.manager, warned.pct_lead, told.person("approver")):
            assert refused(give, warned, by=person).status == 403
            assert refused(step, warned, "asked", by=person).status == 403


@pytest.mark.parametrize(
    ("more", "field"),
    [({"kind": "allocated"}, "kind"), ({"kind": "shout"}, "kind"), ({"text": " "}, "text")],
)
def test_a_step_is_one_of_those_with_its_text(late, more, field):
    first = {"by": late.admin, "practice": late.practice, "kind": "asked", "text": "Why?"}
    assert refused(take_step, **first | more).field == field


def test_no_step_is_of_a_day_to_come(late):
    assert refused(step, late, "asked", on=clock.today() + timedelta(days=1)).field == "on"
