"""Moves and corrections of a practice's parent, on both clocks."""

from datetime import date

import pytest

from practices.actions import change_parent, correct_parent
from practices.models import PracticeParent
from registry.errors import Refused
from registry.models import EntryKind, User
from registry.moment import Moment
from tests.factories import make_parent, make_pct, make_practice
from tests.integration.practices.conftest import history

MAY, APRIL = date(2011, 5, 1), date(2011, 4, 1)


@pytest.fixture
def england(system: User):
    """A practice under 5LE until PCTs end, then under nobody; two more PCTs, one of which begins in 2012."""
    southwark, lambeth = make_pct("5LE"), make_pct("5LD")
    young = make_pct("5ZZ", start=date(2012, 4, 1))
    practice = make_practice("G85001")
    make_parent(practice, southwark, date(2006, 10, 1), date(2013, 3, 31))
    return practice, southwark, lambeth, young


def test_four_questions_to_a_move_and_its_correction(england, system: User) -> None:
    practice, southwark, lambeth, _ = england
    moved = change_parent(by=system, practice=practice, parent=lambeth, on=MAY, reason="moved")
    assert moved.kind == EntryKind.LATE
    corrected = correct_parent(
        by=system, practice=practice, start=APRIL, end=MAY, parent=lambeth, reason="it was a month before"
    )
    assert corrected.kind == EntryKind.CORRECTION

    def parent(as_of: date, known_at) -> str:
        facts = PracticeParent.objects.visible_to(system).at(Moment.of(as_of, known_at)).filter(practice=practice)
        return facts.get().parent.code

    day = date(2011, 4, 15)
    assert (parent(day, moved.at), parent(day, corrected.at)) == ("5LE", "5LD")
    assert (parent(MAY, moved.at), parent(MAY, corrected.at)) == ("5LD", "5LD")


def test_a_move_stands_until_the_next_change_that_is_known(england, system: User) -> None:
    practice, *_, lambeth, _ = england
    change_parent(by=system, practice=practice, parent=lambeth, on=MAY, reason="moved")
    assert history(PracticeParent, "G85001")[-1] == ("2011-05-01", "2013-04-01", "5LD")


def test_what_is_refused(england, system: User) -> None:
    practice, southwark, lambeth, young = england
    for body, on, code in (
        (southwark, MAY, "no_change"),
        (young, MAY, "body_not_alive"),
        (lambeth, date(2013, 4, 1), "body_not_alive"),
        (lambeth, date(1990, 1, 1), "body_not_alive"),
    ):
        with pytest.raises(Refused) as refused:
            change_parent(by=system, practice=practice, parent=body, on=on, reason="moved")
        assert refused.value.code == code
    with pytest.raises(Refused, match="by then"):
        correct_parent(by=system, practice=practice, start=MAY, end=None, parent=lambeth, reason="wrong")
    with pytest.raises(Refused, match="must come after"):
        correct_parent(by=system, practice=practice, start=MAY, end=APRIL, parent=lambeth, reason="wrong")
    with pytest.raises(Refused, match="Say why"):
        change_parent(by=system, practice=practice, parent=lambeth, on=MAY, reason=" ")
    stranger = User.objects.create(email="b@example.org")
    with pytest.raises(Refused) as refused:
        change_parent(by=stranger, practice=practice, parent=lambeth, on=MAY, reason="moved")
    assert refused.value.status == 403


def test_a_closed_practice_does_not_move(system: User) -> None:
    lambeth = make_pct("5LD")
    practice = make_practice("G85002", opened=date(2000, 4, 1), last_day=date(2011, 4, 30))
    with pytest.raises(Refused, match="was closed on 1 May 2011"):
        change_parent(by=system, practice=practice, parent=lambeth, on=MAY, reason="moved")
    change_parent(by=system, practice=practice, parent=lambeth, on=date(2011, 4, 30), reason="moved")


def test_a_correction_to_nobody(england, system: User) -> None:
    practice, *_ = england
    correct_parent(by=system, practice=practice, start=APRIL, end=MAY, parent=None, reason="it was under nobody")
    assert [s[:2] for s in history(PracticeParent, "G85001")] == [
        ("2006-10-01", "2011-04-01"),
        ("2011-05-01", "2013-04-01"),
    ]
