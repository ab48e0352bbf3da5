"""The status rule (domain.md rules 2 and 5): letters are true from a file's vintage; history before it stands."""

from datetime import date

import pytest

from practices import lives
from practices.lives import A, C, D, P, Told
from registry.timeline import Spell, Timeline

OPENED, V1, V2 = date(1990, 4, 1), date(2014, 10, 1), date(2015, 12, 18)
LAST = date(2012, 3, 31)


def spells(*changes: tuple[date, tuple]) -> Timeline:
    """A timeline from (first day, status) pairs; the last is open."""
    ends = [day for day, _ in changes[1:]] + [None]
    return Timeline(Spell(day, end, status) for (day, status), end in zip(changes, ends, strict=True))


def told(letter: str, last: date | None = None, vintage: date = V1, opened: date | None = OPENED) -> Told:
    return Told(letter, opened, last, vintage)


ACTIVE = spells((OPENED, A))
CLOSED = spells((OPENED, A), (date(2012, 4, 1), C))
DORMANT = spells((OPENED, A), (V1, D))
PROPOSED = spells((V1, P))
FIRST = [
    (told("A"), ACTIVE),
    (told("C", LAST), CLOSED),  # the last day is inclusive
    (told("A", LAST), CLOSED),
    (told("D"), DORMANT),
    (told("P"), PROPOSED),  # never active before
    (told("P", opened=None), PROPOSED),
    (told("D", opened=date(2014, 12, 1)), spells((date(2014, 12, 1), A)).set(date(2014, 12, 1), None, D)),
    (told("D", date(2015, 3, 31)), spells((OPENED, A), (V1, D), (date(2015, 4, 1), C))),
]
THEN = [
    (ACTIVE, told("A", vintage=V2), ACTIVE),
    (ACTIVE, told("C", LAST, V2), CLOSED),  # a late notification
    (ACTIVE, told("D", vintage=V2), spells((OPENED, A), (V2, D))),
    (CLOSED, told("A", vintage=V2), spells((OPENED, A), (date(2012, 4, 1), C), (V2, A))),  # reopened
    (
        CLOSED,
        told("A", opened=date(2015, 2, 1), vintage=V2),
        spells((OPENED, A), (date(2012, 4, 1), C), (date(2015, 2, 1), A)),
    ),  # with a new opening: from that day
    (CLOSED, told("C", date(2012, 6, 30), V2), spells((OPENED, A), (date(2012, 7, 1), C))),  # it closed later
    (CLOSED, told("C", date(2011, 6, 30), V2), spells((OPENED, A), (date(2011, 7, 1), C))),  # it closed earlier
    (DORMANT, told("A", vintage=V2), spells((OPENED, A), (V1, D), (V2, A))),
    (DORMANT, told("D", vintage=V2), DORMANT),
    (DORMANT, told("C", date(2015, 3, 31), V2), spells((OPENED, A), (V1, D), (date(2015, 4, 1), C))),
    (PROPOSED, told("A", opened=date(2015, 1, 1), vintage=V2), spells((V1, P), (date(2015, 1, 1), A))),
    (PROPOSED, told("P", vintage=V2), PROPOSED),
    (ACTIVE, told("A", opened=date(1985, 4, 1), vintage=V2), spells((date(1985, 4, 1), A))),  # the life corrected
    (ACTIVE, told("A", opened=date(1995, 4, 1), vintage=V2), spells((date(1995, 4, 1), A))),
    (CLOSED, told("C", LAST, V2, date(1995, 4, 1)), spells((date(1995, 4, 1), A), (date(2012, 4, 1), C))),
    (spells((OPENED, A), (date(2015, 4, 1), C)), told("A", vintage=V1), spells((OPENED, A))),  # a closing withdrawn
]


@pytest.mark.parametrize(("row", "expected"), FIRST)
def test_the_first_file_that_tells(row: Told, expected: Timeline) -> None:
    assert lives.life(row, Timeline()) == expected


@pytest.mark.parametrize(("standing", "row", "expected"), THEN)
def test_a_newer_vintage(standing: Timeline, row: Told, expected: Timeline) -> None:
    assert lives.life(row, standing) == expected


@pytest.mark.parametrize("row", [r for r, _ in FIRST] + [r for _, r, _ in THEN])
@pytest.mark.parametrize("standing", [Timeline()] + [s for s, _, _ in THEN])
def test_a_row_told_twice_changes_nothing(standing: Timeline, row: Told) -> None:
    once = lives.life(row, standing)
    assert lives.life(row, once) == once


def test_particulars_are_true_from_opening_and_a_newer_vintage_from_its_day() -> None:
    first = lives.particulars(told("A"), ("OLD",), Timeline())
    assert first == spells((OPENED, ("OLD",)))
    second = lives.particulars(told("A", vintage=V2), ("NEW",), first)
    assert second == spells((OPENED, ("OLD",)), (V2, ("NEW",)))
    assert lives.particulars(told("A", vintage=V2), ("NEW",), second) == second


def test_particulars_reach_back_to_an_earlier_opening() -> None:
    first = spells((OPENED, ("OLD",)))
    earlier = lives.particulars(told("A", vintage=V2, opened=date(1985, 4, 1)), ("OLD",), first)
    assert earlier == spells((date(1985, 4, 1), ("OLD",)))
