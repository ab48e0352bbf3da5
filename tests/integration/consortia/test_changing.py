"""A lead ends a membership or corrects a claim; and takes back their own latest change."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from consortia.actions import close_practice, join
from consortia.actions.changing import correct_claim, end_membership
from consortia.actions.undoing import undo_change, undoable
from consortia.models import ConfirmationRequest
from practices.models import Practice
from registry import clock
from registry.errors import Refused
from registry.models import Entry, EntryKind
from tests import factories as make
from tests.integration.consortia.conftest import JOINED, Land
from tests.support.memberships import belongs, broken, left_out

MAY = date(2011, 5, 1)


def ends(land: Land, on: date = MAY, **more: Any) -> Entry:
    told = {"by": land.lead, "consortium": land.north, "practice": land.practices[0], "reason": "resigned"}
    entry = end_membership(on=on, why="They wrote to us.", **(told | more))
    assert entry is not None
    return entry


def corrects(land: Land, first_day: date | None, **more: Any) -> Entry:
    told = {"by": land.lead, "consortium": land.north, "practice": land.practices[0], "on": MAY}
    entry = correct_claim(first_day=first_day, why="A slip.", **(told | more))
    assert entry is not None
    return entry


def refused(act: Callable[[], Any]) -> Refused:
    before = Entry.objects.count()
    with pytest.raises(Refused) as caught:
        act()
    assert Entry.objects.count() == before
    return caught.value


def asked(land: Land, **more: Any) -> ConfirmationRequest:
    told = {"practice": land.practices[0], "consortium": land.north, "starts_on": JOINED, "channel": "mail"}
    today = clock.today()
    return ConfirmationRequest.objects.create(
        **(told | more), asked_by=land.lead, asked_on=today, expires_on=today + timedelta(days=30)
    )


def test_leaving_is_an_end_and_a_reason(land: Land) -> None:
    question = asked(land)
    entry = ends(land)
    assert entry.kind == EntryKind.LATE
    assert belongs(land.practices[0]) == [("GC0001", "2011-01-01", "2011-05-01", "claimed", "founding", "")]
    assert left_out(land.practices[0]) == [("resigned", "2011-05-01", "", "consortium")]
    question.refresh_from_db()
    assert question.state == "withdrawn"  # nothing is left to ask about
    assert not broken()


def test_a_leaving_before_a_move_that_is_recorded_leaves_a_gap_only(land: Land) -> None:
    make.make_membership(land.practices[0], land.south, date(2011, 7, 1))
    ends(land)
    assert [s[:3] for s in belongs(land.practices[0])] == [
        ("GC0001", "2011-01-01", "2011-05-01"),
        ("GC0002", "2011-07-01", ""),
    ]
    assert left_out(land.practices[0]) == [("resigned", "2011-05-01", "2011-07-01", "consortium")]


def test_a_leaving_to_come_keeps_the_question_and_is_cancelled_by_another_keeper(land: Land) -> None:
    question, before = asked(land), belongs(land.practices[0])
    day = clock.today() + timedelta(days=40)
    entry = ends(land, on=day)
    question.refresh_from_db()
    assert question.state == "open" and entry.kind == EntryKind.EVENT
    assert belongs(land.practices[0])[0][2] == str(day)
    assert undoable(by=land.deputy, entries=[entry]) == {entry.number}
    assert undoable(by=land.other, entries=[entry]) == set()
    undone = undo_change(by=land.deputy, entry=entry)
    assert undone.kind == EntryKind.VOID and undone.source == {"undoes": entry.number}
    assert belongs(land.practices[0]) == before and left_out(land.practices[0]) == []
    assert undoable(by=land.deputy, entries=[entry]) == set()


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"on": JOINED}, 409, "cannot leave on its first day"),
        ({"on": date(2010, 12, 1)}, 409, "is no member of GC0001 on 1 December 2010"),
        ({"reason": "undecided"}, 422, "no reason of a membership"),
        ({"on": date(1900, 1, 1)}, 422, "cannot be meant"),
    ],
)
def test_what_cannot_be_ended(land: Land, change: dict[str, Any], status: int, words: str) -> None:
    told = refused(lambda: ends(land, **change))
    assert (told.status, words in told.message) == (status, True), told.message


def test_only_keepers_end_and_correct(land: Land) -> None:
    for somebody in (land.other, land.manager):
        assert refused(lambda who=somebody: ends(land, by=who)).status == 403  # type: ignore[misc]
        assert refused(lambda who=somebody: corrects(land, None, by=who)).status == 403  # type: ignore[misc]
    assert ends(land, by=land.deputy)


def test_an_allocation_is_ended_by_staff_only(land: Land) -> None:
    make.make_membership(land.practices[0], land.north, JOINED, status="allocated", reason="allocated")
    assert "allocated" in refused(lambda: ends(land)).message
    assert "allocated" in refused(lambda: corrects(land, None)).message
    assert ends(land, by=land.admin)


@pytest.mark.parametrize(
    ("first_day", "spells"),
    [
        (date(2011, 3, 1), [("GC0001", "2011-03-01", "", "claimed", "founding", "")]),
        (date(2010, 11, 1), [("GC0001", "2010-11-01", "", "claimed", "founding", "")]),
        (None, []),
    ],
)
def test_an_error_is_corrected_not_overwritten(land: Land, first_day: date | None, spells: list[Any]) -> None:
    entry = corrects(land, first_day)
    assert entry.kind == EntryKind.CORRECTION and belongs(land.practices[0]) == spells
    before = make.at(MAY, Entry.objects.get(number=entry.number - 1).at)
    assert land.practices[0].memberships.filter(before.recorded_q()).count() == 1  # what was said stays known


def test_days_that_a_correction_adds_are_claimed_whatever_was_answered(land: Land) -> None:
    make.make_membership(land.practices[0], land.north, JOINED, status="confirmed")
    corrects(land, date(2010, 12, 1))
    assert [s[1:4] for s in belongs(land.practices[0])] == [
        ("2010-12-01", "2011-01-01", "claimed"),
        ("2011-01-01", "", "confirmed"),
    ]
    told = refused(lambda: corrects(land, None))
    assert told.status == 409 and "itself confirmed" in told.message
    assert corrects(land, None, by=land.admin)


def test_a_first_day_when_it_was_elsewhere_is_refused_by_name(land: Land) -> None:
    make.make_membership(land.practices[0], land.south, date(2010, 11, 1), last_day=date(2010, 12, 31))
    told = refused(lambda: corrects(land, date(2010, 10, 15)))
    assert (told.code, told.status) == ("claimed_elsewhere", 409)
    assert "GC0002 since 1 November 2010 (recorded on " in told.message
    assert refused(lambda: corrects(land, JOINED)).code == "no_change"
    assert refused(lambda: corrects(land, date(2010, 9, 1))).code == "no_consortium"


def test_undo_is_of_ones_own_while_nothing_builds_on_it(land: Land) -> None:
    before = belongs(land.practices[0])
    entry = ends(land)
    assert refused(lambda: undo_change(by=land.deputy, entry=entry)).status == 403
    assert refused(lambda: undo_change(by=land.other, entry=entry)).status == 403
    later = join(
        by=land.admin,
        practice=land.practices[0],
        consortium=land.south,
        on=date(2011, 6, 1),
        status="claimed",
        reason="joined",
        why="They joined.",
    )
    assert later is not None and undoable(by=land.lead, entries=[entry]) == set()
    told = refused(lambda: undo_change(by=land.lead, entry=entry))
    assert told.status == 409 and f"entry {later.number}" in told.message
    assert undoable(by=land.admin, entries=[later, entry]) == {later.number}
    undo_change(by=land.admin, entry=later)
    with pytest.raises(Refused):  # the void entry touches the same, and is not itself undone
        undo_change(by=land.lead, entry=entry)
    assert belongs(land.practices[0]) != before


def test_undo_restores_nothing_outside_a_life(land: Land) -> None:
    entry = ends(land)
    close_practice(by=land.admin, practice=land.practices[0], last_day=date(2011, 4, 30), reason="It closed.")
    ended = ends(land, practice=land.practices[1])
    close_practice(by=land.admin, practice=land.practices[1], last_day=date(2011, 7, 31), reason="It closed.")
    for change in (entry, ended):
        told = refused(lambda change=change: undo_change(by=land.lead, entry=change))  # type: ignore[misc]
        assert told.status == 409


def test_entries_of_other_actions_are_not_undone_here(land: Land) -> None:
    made = Entry.objects.filter(action="make_membership").first()
    assert made is not None and refused(lambda: undo_change(by=land.admin, entry=made)).status == 409


def a_random_change(dice: random.Random, land: Land, practice: Practice) -> Entry | None:
    """Some change on some day, where it is not refused."""
    day = JOINED + timedelta(days=dice.randrange(1, 900))
    told = {"by": land.admin, "practice": practice, "why": "By chance."}
    try:
        match dice.randrange(3):
            case 0:
                return end_membership(consortium=land.north, on=day, reason="resigned", **told)
            case 1:
                return correct_claim(consortium=land.north, on=JOINED, first_day=day, **told)
            case _:
                to = dice.choice([land.north, land.south])
                return join(consortium=to, on=day, status="claimed", reason="joined", **told)
    except Refused:
        return None


def test_a_random_chain_of_changes_is_undone_step_by_step_only_from_its_end(land: Land) -> None:
    """An undo gives back exactly what stood before, on every day; what was built upon stays built upon."""
    for seed in range(6):
        dice, practice = random.Random(seed), make.make_practice()
        make.make_membership(practice, land.north, JOINED)
        states, done = [_stood(practice)], []
        for _ in range(5):
            entry = a_random_change(dice, land, practice)
            if entry is not None:
                done.append(entry)
                states.append(_stood(practice))
        assert done
        free = undoable(by=land.admin, entries=done)
        assert free == {done[-1].number}
        undo_change(by=land.admin, entry=done[-1])
        assert _stood(practice) == states[-2]
        for earlier in done[:-1]:
            with pytest.raises(Refused):
                undo_change(by=land.admin, entry=earlier)
        assert _stood(practice) == states[-2]
    assert not broken()


def _stood(practice: Practice) -> Any:
    return belongs(practice), left_out(practice)
