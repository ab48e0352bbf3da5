"""Random events and corrections through the journal, against a plain Python model, asked at random moments."""

from __future__ import annotations

import copy
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from consortia.actions import close_practice, correct_membership, join, leave
from consortia.invariants import RULES
from consortia.models import Consortium, Membership
from practices.models import Practice
from registry.errors import Refused
from registry.feed import broken_links
from registry.invariants import findings
from registry.models import Entry, User
from registry.moment import Moment
from tests.factories import make_consortium, make_practice

DAY_0 = date(2011, 1, 1)
DAYS = 30  # what is asked; the last day stands for all after
PRACTICES, CONSORTIA = 3, 3
STATUSES = ["claimed", "confirmed"]
MICROSECOND = timedelta(microseconds=1)


def day(n: int) -> date:
    return DAY_0 + timedelta(days=n)


class Model:
    """What is true on each day, the simple way: dicts of days, and a copy of all after every entry."""

    def __init__(self) -> None:
        # practice 2 is open on days 5 to 20 only; consortium 2 exists on days 3 to 25 only
        self.open = [set(range(DAYS)), set(range(DAYS)), set(range(5, 21))]
        self.there = [set(range(DAYS)), set(range(DAYS)), set(range(3, 26))]
        self.member: list[dict[int, tuple[int, str]]] = [{} for _ in range(PRACTICES)]
        self.known: list[tuple[datetime, list[dict[int, tuple[int, str]]]]] = []

    def may(self, p: int, c: int, n: int) -> bool:
        return n in self.open[p] and n in self.there[c]

    def group(self, p: int, n: int) -> int | None:
        return self.member[p][n][0] if n in self.member[p] else None

    def join(self, p: int, c: int, on: int, status: str) -> bool:
        if not self.may(p, c, on):
            return False
        before, n, there = self.group(p, on), on, True
        self.member[p] = dict(self.member[p])
        while n < DAYS and self.group(p, n) == before:
            there = there and self.may(p, c, n)
            self.member[p].pop(n, None)
            if there:
                self.member[p][n] = (c, status)
            n += 1
        return True

    def leave(self, p: int, on: int) -> bool:
        before, n = self.group(p, on), on
        if before is None or self.group(p, on - 1) != before:
            return False
        while n < DAYS and self.group(p, n) == before:
            del self.member[p][n]
            n += 1
        return True

    def correct(self, p: int, start: int, end: int | None, c: int | None, status: str) -> bool:
        if c is None:
            self.member[p] = {n: v for n, v in self.member[p].items() if n < start or (end is not None and n >= end)}
            return True
        days, n = [], start
        while n < DAYS and self.may(p, c, n) and (end is None or n < end):
            days.append(n)
            n += 1
        if not days or (end is not None and days[-1] != min(end, DAYS) - 1):
            return False
        self.member[p].update(dict.fromkeys(days, (c, status)))
        return True

    def close(self, p: int, last: int) -> bool:
        if last not in self.open[p]:
            return False
        self.open[p] = {n for n in self.open[p] if n <= last}
        self.member[p] = {n: v for n, v in self.member[p].items() if n <= last}
        return True

    def do(self, verb: str, p: int, c: int | None, on: int, length: int | None, status: str) -> bool:
        if verb == "join":
            return self.join(p, c or 0, on, status)
        if verb == "correct":
            return self.correct(p, on, None if length is None else on + length, c, status)
        return self.leave(p, on) if verb == "leave" else self.close(p, on)

    def remember(self, at: datetime) -> None:
        self.known.append((at, copy.deepcopy(self.member)))

    def at(self, instant: datetime) -> list[dict[int, tuple[int, str]]]:
        return [state for at, state in self.known if at <= instant][-1]


class Register:
    """The same, done by the actions."""

    def __init__(self) -> None:
        last = [None, None, day(20)]
        opened = [day(-100), day(-100), day(5)]
        self.practices = [make_practice(f"Z8000{p}", opened=opened[p], last_day=last[p]) for p in range(PRACTICES)]
        lives: list[tuple[date, date | None]] = [(day(-50), None), (day(-50), None), (day(3), day(25))]
        self.consortia = [make_consortium(f"GC800{c}", start=s, last_day=e) for c, (s, e) in enumerate(lives)]
        self.by = User.objects.system()

    def do(self, verb: str, p: int, c: int | None, on: int, length: int | None, status: str) -> bool:
        """Whether the register did it; a refusal is False."""
        practice: Practice = self.practices[p]
        consortium: Consortium | None = None if c is None else self.consortia[c]
        say: dict[str, Any] = {"by": self.by, "practice": practice}
        try:
            if verb == "join":
                join(**say, consortium=consortium, on=day(on), status=status, reason="joined", why="test")  # type: ignore[arg-type]
            elif verb == "leave":
                leave(**say, on=day(on), why="test")
            elif verb == "close":
                close_practice(**say, last_day=day(on), reason="test")
            else:
                end = None if length is None else day(on + length)
                correct_membership(
                    **say, start=day(on), end=end, consortium=consortium, status=status, reason="joined", why="test"
                )
        except Refused:
            return False
        return True

    def read(self, as_of: int, known_at: datetime) -> list[tuple[int, str] | None]:
        """Each practice's membership at a moment, read as a page reads it."""
        moment = Moment.of(day(as_of), known_at)
        rows = Membership.objects.visible_to(None).at(moment).values_list("practice", "consortium", "status")
        groups = {c.pk: n for n, c in enumerate(self.consortia)}
        found = {practice: (groups[c], status) for practice, c, status in rows}
        assert len(found) == len(rows)
        return [found.get(p.pk) for p in self.practices]


done = st.tuples(
    st.sampled_from(["join", "join", "join", "leave", "correct", "correct", "close"]),
    st.integers(0, PRACTICES - 1),
    st.none() | st.integers(0, CONSORTIA - 1),
    st.integers(0, DAYS - 2),
    st.none() | st.integers(1, 12),
    st.sampled_from(STATUSES),
)
asked = st.tuples(st.integers(0, DAYS - 1), st.integers(0, 60), st.sampled_from([-1, 0, 1]))


def play(steps: list, questions: list) -> None:
    register, model = Register(), Model()
    model.remember(Entry.objects.order_by("-number")[0].at)
    for verb, p, c, on, length, status in steps:
        if verb == "join" and c is None:
            c = 0
        if length is not None and on + length >= DAYS:
            length = None
        expected = model.do(verb, p, c, on, length, status)
        before = Entry.objects.count()
        assert register.do(verb, p, c, on, length, status) is expected, (verb, p, c, on, length)
        newest = Entry.objects.order_by("-number")[0]
        assert Entry.objects.count() - before in (0, 1)
        if newest.at != model.known[-1][0]:
            model.remember(newest.at)
        assert model.known[-1][1] == model.member  # where nothing was written, nothing had changed
    ask(register, model, questions)
    assert [f.rule.name for f in findings(RULES) if f.rows] == []
    assert list(broken_links()) == []


def ask(register: Register, model: Model, questions: list) -> None:
    """The random questions; and every entry's two sides on two days."""
    instants = [at for at, _ in model.known]
    moments = [(n, instants[i % len(instants)] + off * MICROSECOND) for n, i, off in questions]
    moments += [(n, at + off * MICROSECOND) for at in instants for off in (-1, 0) for n in (5, 20)]
    moments += [(n, instants[-1] + timedelta(days=400)) for n in range(0, DAYS, 3)]
    for n, known_at in moments:
        if known_at < instants[0]:
            continue  # the entries that made the practices: nothing was known of memberships
        expected = [state.get(n) for state in model.at(known_at)]
        assert register.read(n, known_at) == expected, (n, known_at)


class _Undo(Exception):
    pass


def undone(steps: list, questions: list) -> None:
    """Each example in a savepoint of its own: facts cannot be flushed away."""
    with pytest.raises(_Undo), transaction.atomic():
        play(steps, questions)
        raise _Undo


common = {"deadline": None, "phases": [Phase.explicit, Phase.generate], "suppress_health_check": list(HealthCheck)}


@settings(max_examples=12, **common)
@given(st.lists(done, min_size=1, max_size=12), st.lists(asked, max_size=10))
def test_random_events_and_corrections_agree_with_a_plain_model(db, steps, questions):
    undone(steps, questions)


@pytest.mark.long
@settings(max_examples=100, **common)
@given(st.lists(done, min_size=5, max_size=40), st.lists(asked, max_size=30))
def test_many_random_events_and_corrections_agree_with_a_plain_model(db, steps, questions):
    undone(steps, questions)


def test_a_move_and_its_correction_give_four_answers(db):
    """It moves on 1 May, as the register is told first; then: it moved on 1 April after all."""
    practice, first, second = make_practice(), make_consortium(), make_consortium()
    by = User.objects.system()
    say: dict[str, Any] = {"by": by, "practice": practice, "status": "confirmed"}
    join(**say, consortium=first, on=date(2011, 1, 1), reason="founding", why="the consortium's list")
    moved = join(**say, consortium=second, on=date(2011, 5, 1), reason="transferred", why="a letter")
    put_right = correct_membership(
        **say,
        start=date(2011, 4, 1),
        end=date(2011, 5, 1),
        consortium=second,
        reason="transferred",
        why="the letter's date was misread",
    )

    def answer(as_of: date, entry: Entry) -> str:
        rows = Membership.objects.visible_to(None).at(Moment.of(as_of, entry.at))
        return rows.values_list("consortium__ref", flat=True).get(practice=practice)

    assert answer(date(2011, 3, 31), moved) == first.ref
    assert answer(date(2011, 4, 15), moved) == first.ref
    assert answer(date(2011, 3, 31), put_right) == first.ref
    assert answer(date(2011, 4, 15), put_right) == second.ref
    assert (moved.kind, put_right.kind) == ("late", "correction")
    assert (put_right.changes, moved.changes) == (4, 3)
