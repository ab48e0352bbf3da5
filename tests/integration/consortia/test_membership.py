"""Joining, moving, leaving, correcting, closing: what is refused, and what each does to the days."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from consortia.actions import close_practice, correct_membership, join, leave, register_consortium
from consortia.models import Consortium, ConsortiumParticulars, Membership
from practices.models import Practice, PracticeParent, PracticeStatus
from registry import clock
from registry.actions import grant_role
from registry.errors import Refused
from registry.models import Entry, User
from registry.models.fact import Lower, Upper
from registry.moment import Moment
from registry.timeline import last_day
from tests.factories import make_consortium, make_membership, make_pct, make_practice, writing

JAN, MAY, JUNE = date(2011, 1, 1), date(2011, 5, 1), date(2011, 6, 1)


@pytest.fixture
def by(db) -> User:
    return User.objects.system()


@pytest.fixture
def practice(db) -> Practice:
    return make_practice("Z00001", pct=make_pct("5QV"))


@pytest.fixture
def groups(db) -> list[Consortium]:
    return [make_consortium(f"GC000{n}") for n in (1, 2)]


def joins(by: User, practice: Practice, consortium: Consortium, on: date, status: str = "confirmed") -> Entry | None:
    say: dict[str, Any] = {"status": status, "reason": "joined", "why": "told"}
    return join(by=by, practice=practice, consortium=consortium, on=on, **say)


def refusal(act: Any, **say: Any) -> Refused:
    before = Entry.objects.count()
    with pytest.raises(Refused) as caught:
        act(**say)
    assert Entry.objects.count() == before
    return caught.value


def spells(practice: Practice) -> list[tuple[str, str, date, date | None]]:
    """Consortium, status, first day, inclusive last day."""
    rows = (
        Membership.objects.current()
        .filter(practice=practice)
        .annotate(_from=Lower("effective"), _to=Upper("effective"))
    )
    return [
        (ref, status, start, last_day(end))
        for ref, status, start, end in rows.order_by("_from").values_list("consortium__ref", "status", "_from", "_to")
    ]


def test_a_move_ends_the_old_membership_the_day_before_in_one_entry(by, practice, groups):
    joins(by, practice, groups[0], JAN)
    entry = joins(by, practice, groups[1], MAY)
    assert spells(practice) == [
        ("GC0001", "confirmed", JAN, date(2011, 4, 30)),
        ("GC0002", "confirmed", MAY, None),
    ]
    assert (entry.changes, entry.kind, entry.action) == (3, "late", "join")


def test_joining_again_writes_nothing(by, practice, groups):
    joins(by, practice, groups[0], JAN)
    assert joins(by, practice, groups[0], JAN) is None


def test_what_is_to_come_is_an_event_and_what_is_past_is_late(by, practice, groups):
    assert joins(by, practice, groups[0], clock.today() - timedelta(days=1)).kind == "late"
    assert joins(by, practice, groups[1], clock.today()).kind == "event"
    assert leave(by=by, practice=practice, on=clock.today() + timedelta(days=9), why="planned").kind == "event"


def test_a_late_notification_does_not_undo_what_is_recorded_to_happen_later(by, practice, groups):
    joins(by, practice, groups[0], JAN)
    leave(by=by, practice=practice, on=JUNE, why="left")
    joins(by, practice, groups[1], MAY)
    assert spells(practice) == [
        ("GC0001", "confirmed", JAN, date(2011, 4, 30)),
        ("GC0002", "confirmed", MAY, date(2011, 5, 31)),
    ]


def test_a_change_of_status_does_not_end_the_run_of_a_membership(by, practice, groups):
    joins(by, practice, groups[0], JAN, "claimed")
    joins(by, practice, groups[0], JUNE, "confirmed")
    joins(by, practice, groups[1], MAY)
    assert spells(practice)[-1] == ("GC0002", "confirmed", MAY, None)


def test_a_membership_ends_with_the_practice_or_the_consortium(by, groups):
    closing = make_practice("Z00009", last_day=date(2012, 3, 31))
    ending = make_consortium("GC0009", last_day=date(2011, 12, 31))
    joins(by, closing, groups[0], JAN)
    assert spells(closing) == [("GC0001", "confirmed", JAN, date(2012, 3, 31))]
    joins(by, closing, ending, MAY)
    assert spells(closing)[-1] == ("GC0009", "confirmed", MAY, date(2011, 12, 31))


@pytest.mark.parametrize(
    "more, on, field, said",
    [
        ({"last_day": date(2010, 12, 31)}, JAN, "practice", "its last day was 31 December 2010"),
        ({"opened": MAY}, JAN, "practice", "it opened on 1 May 2011"),
        ({"setting": 1}, JAN, "practice", "not a GP practice"),
        ({"status": "P"}, JAN, "practice", "only proposed"),
        ({}, date(2010, 9, 30), "consortium", "begins on 1 October 2010"),
        ({}, date(1911, 1, 1), "on", "cannot be meant"),
        ({}, date(2111, 1, 1), "on", "cannot be meant"),
    ],
)
def test_days_outside_the_lives_are_refused(by, groups, more, on, field, said):
    other = make_practice("Z00002", **more)
    say = {"status": "claimed", "reason": "joined", "why": "told"}
    caught = refusal(join, by=by, practice=other, consortium=groups[0], on=on, **say)
    assert caught.field == field and said in caught.message


def test_a_dormant_practice_may_belong(by, groups):
    joins(by, make_practice("Z00002", status="D"), groups[0], JAN)


@pytest.mark.parametrize("wrong, field", [("status", "status"), ("reason", "reason"), ("why", "why")])
def test_words_that_are_none_are_refused(by, practice, groups, wrong, field):
    say = {"status": "claimed", "reason": "joined", "why": "told"} | {wrong: " "}
    assert refusal(join, by=by, practice=practice, consortium=groups[0], on=JAN, **say).field == field


def test_leaving(by, practice, groups):
    assert refusal(leave, by=by, practice=practice, on=MAY, why="left").status == 409
    joins(by, practice, groups[0], JAN)
    assert "first day" in refusal(leave, by=by, practice=practice, on=JAN, why="left").message
    leave(by=by, practice=practice, on=MAY, why="left")
    assert spells(practice) == [("GC0001", "confirmed", JAN, date(2011, 4, 30))]


def test_a_correction_puts_other_days_right(by, practice, groups):
    joins(by, practice, groups[0], JAN)
    say: dict[str, Any] = {"by": by, "practice": practice, "status": "disputed", "reason": "corrected", "why": "x"}
    entry = correct_membership(**say, start=MAY, end=JUNE, consortium=groups[1])
    assert entry.kind == "correction"
    assert spells(practice) == [
        ("GC0001", "confirmed", JAN, date(2011, 4, 30)),
        ("GC0002", "disputed", MAY, date(2011, 5, 31)),
        ("GC0001", "confirmed", JUNE, None),
    ]
    correct_membership(**say, start=JAN, end=None, consortium=None)
    assert spells(practice) == []
    assert refusal(correct_membership, **say, start=MAY, end=MAY, consortium=None).field == "end"


def test_a_correction_beyond_a_life_is_refused(by, groups):
    closing = make_practice("Z00009", last_day=date(2012, 3, 31))
    say: dict[str, Any] = {"status": "claimed", "reason": "corrected", "why": "x", "consortium": groups[0]}
    caught = refusal(correct_membership, by=by, practice=closing, start=JAN, end=date(2012, 4, 2), **say)
    assert caught.field == "end" and "31 March 2012" in caught.message
    correct_membership(by=by, practice=closing, start=JAN, end=date(2012, 4, 1), **say)
    assert spells(closing) == [("GC0001", "claimed", JAN, date(2012, 3, 31))]


def test_closing_a_practice_ends_what_depends_on_it_in_one_entry(by, practice, groups):
    joins(by, practice, groups[0], JAN)
    entry = close_practice(by=by, practice=practice, last_day=date(2011, 4, 30), reason="retired")
    assert spells(practice) == [("GC0001", "confirmed", JAN, date(2011, 4, 30))]

    def parents(day: date) -> int:
        return PracticeParent.objects.at(Moment.of(day)).count()

    def status(day: date) -> str:
        return PracticeStatus.objects.at(Moment.of(day)).get(practice=practice).status

    assert (status(date(2011, 4, 30)), status(MAY)) == ("A", "C")
    assert (parents(date(2011, 4, 30)), parents(MAY)) == (1, 0)
    assert entry.number == Entry.objects.count()
    assert close_practice(by=by, practice=practice, last_day=date(2011, 4, 30), reason="again") is None
    assert refusal(close_practice, by=by, practice=practice, last_day=JUNE, reason="later").status == 409


def test_a_reopening_on_record_stays_when_an_earlier_closing_is_told(by, practice):
    with writing() as entry:
        entry.set(PracticeStatus, (practice.pk,), JUNE, date(2011, 9, 1), ("C",))
    close_practice(by=by, practice=practice, last_day=date(2011, 4, 30), reason="earlier than thought")
    at = [PracticeStatus.objects.at(Moment.of(d)).get(practice=practice).status for d in (MAY, JUNE, date(2011, 9, 1))]
    assert at == ["C", "C", "A"]


def test_registering_a_consortium_mints_the_next_reference(by, groups):
    made = register_consortium(by=by, name="  A  new  group ", form="federation", on=JAN, reason="never bid")
    assert made.ref == "GC0003"
    assert ConsortiumParticulars.objects.current().get(consortium=made).name == "A new group"
    Consortium.objects.create(ref="GC9999")
    assert register_consortium(by=by, name="B", on=JAN, reason="x").ref == "GC10000"
    assert register_consortium(by=by, name="C", on=JAN, reason="x").ref == "GC10001"
    assert refusal(register_consortium, by=by, name=" ", on=JAN, reason="x").field == "name"


def test_only_who_may_change_the_register_does(by, practice, groups):
    ann = User.objects.create_user("ann@example.org")
    grant_role(by=by, user=ann, role="assessor")
    say = {"by": ann, "practice": practice}
    words = {"status": "claimed", "reason": "joined", "why": "x"}
    assert refusal(join, **say, consortium=groups[0], on=JAN, **words).status == 403
    assert refusal(leave, **say, on=MAY, why="x").status == 403
    assert refusal(correct_membership, **say, start=JAN, end=None, consortium=None, why="x").status == 403
    assert refusal(close_practice, **say, last_day=MAY, reason="x").status == 403
    assert refusal(register_consortium, by=ann, name="A", on=JAN, reason="x").status == 403


# The same rules, looked at from outside


def check() -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("check_invariants", stdout=out)
    except SystemExit as ended:
        return out.getvalue(), int(ended.code or 0)
    return out.getvalue(), 0


def test_a_register_written_by_actions_breaks_no_rule(by, practice, groups):
    joins(by, practice, groups[0], JAN)
    close_practice(by=by, practice=practice, last_day=JUNE, reason="retired")
    told, code = check()
    assert code == 0 and "BROKEN" not in told, told


@pytest.mark.parametrize(
    "more, rule",
    [
        ({"last_day": date(2011, 3, 31)}, "member_alive"),
        ({"setting": 1}, "members_are_gp_practices"),
    ],
)
def test_a_broken_rule_is_told_with_its_rows(db, groups, more, rule):
    make_membership(make_practice("Z00002", **more), groups[0], JAN)  # past the actions
    told, code = check()
    assert code == 1 and f"BROKEN   {rule} (domain.md" in told and "practice Z00002" in told


def test_a_membership_outside_the_consortiums_life_is_told(db):
    make_membership(make_practice("Z00002"), make_consortium("GC0008", last_day=JUNE), JAN)
    told, code = check()
    assert code == 1 and "consortium GC0008" in told


def test_an_allocation_names_its_legal_basis_and_nothing_else_has_one(by, practice, groups):
    say = {"by": by, "practice": practice, "consortium": groups[0], "reason": "joined", "why": "told"}
    days = {"start": JAN, "end": MAY}
    for status, basis, code in (("allocated", " ", "no_basis"), ("claimed", "The Act", "basis_of_what")):
        for act, when in ((join, {"on": JAN}), (correct_membership, days)):
            told = refusal(act, **say, **when, status=status, basis=basis)
            assert (told.status, told.field, told.code) == (422, "basis", code)
    correct_membership(**say, **days, status="allocated", basis=" The Act, s. 14A ")
    assert Membership.objects.current().get().basis == "The Act, s. 14A"
