"""A writer held open between its entry and its commit never changes an answer already given; many writers at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import QueryDict

from consortia.actions import join, register_consortium
from consortia.models import Membership
from practices.models import Practice
from registry import clock
from registry.canonical import canonical, plain
from registry.feed import broken_links
from registry.models import Entry, User
from registry.moment import Moment, read_snapshot
from tests.factories import make_consortium, make_membership, make_practice

AS_OF = date(2011, 6, 1)
WAIT = 20  # seconds, for what takes milliseconds


def answer(query: str) -> tuple[bytes, dict[str, Any]]:
    """What a page or the API would say to this query: its bytes, and the dates it echoes."""
    with read_snapshot():
        moment = Moment.from_query(QueryDict(query))
        rows = Membership.objects.visible_to(None).at(moment).order_by("practice__code")
        told = [list(map(plain, r)) for r in rows.values_list("practice__code", "consortium__ref", "status")]
        return canonical({**moment.echo(), "results": told}), moment.pinned()


def asked_again(pinned: dict[str, Any]) -> bytes:
    question = QueryDict(mutable=True)
    question.update(pinned)
    return answer(question.urlencode())[0]


class HeldWriter:
    """Moves a practice in a thread of its own, and holds the transaction open after the entry is written."""

    def __init__(self, change: Callable[[], object]) -> None:
        self.change = change
        self.written, self.go_on = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()
        assert self.written.wait(WAIT)

    def _run(self) -> None:
        try:
            with transaction.atomic():
                self.change()
                self.written.set()
                assert self.go_on.wait(WAIT)
        finally:
            self.written.set()
            connection.close()

    def commit(self) -> None:
        self.go_on.set()
        self.thread.join(WAIT)
        assert not self.thread.is_alive()


@pytest.mark.parametrize(
    "known_at",
    ["", "&known_at={soon}", "&known_at={today}"],
    ids=["by default", "known in an hour", "known today"],
)
def test_a_writer_held_open_never_changes_an_answer_already_given(committed_db, known_at):
    practice, first, second = make_practice(), make_consortium(), make_consortium()
    make_membership(practice, first, date(2011, 1, 1))
    soon = plain(clock.now() + timedelta(hours=1))
    query = f"as_of={AS_OF}" + known_at.format(soon=soon, today=clock.today())
    writer = HeldWriter(lambda: make_membership(practice, second, date(2011, 5, 1)))
    try:
        given, pinned = answer(query)
        assert first.ref.encode() in given
    finally:
        writer.commit()
    now, _ = answer(query)
    assert second.ref.encode() in now  # it was written, and the same words ask for something newer now
    assert asked_again(pinned) == given
    later = Entry.objects.order_by("-number")[0]
    assert asked_again({**pinned, "known_at": plain(later.at - timedelta(microseconds=1))}) != now


def test_the_entry_of_a_writer_held_open_is_later_than_any_answer_given_meanwhile(committed_db):
    practice, consortium = make_practice(), make_consortium()
    writer = HeldWriter(lambda: make_membership(practice, consortium, date(2011, 5, 1)))
    try:
        _, pinned = answer(f"as_of={AS_OF}")
    finally:
        writer.commit()
    newest = Entry.objects.order_by("-number")[0]
    assert plain(newest.at) > pinned["known_at"]


def test_a_read_is_one_picture_while_a_writer_commits(committed_db):
    practice, consortium = make_practice(), make_consortium()
    with read_snapshot():
        before = Moment.now()
        writer = HeldWriter(lambda: make_membership(practice, consortium, date(2011, 5, 1)))
        writer.commit()
        assert Moment.now() == before
        assert not Membership.objects.at(before).exists()
    assert Membership.objects.current().exists()


def test_a_second_writer_waits_for_the_first_and_comes_after_it(committed_db):
    practice, first, second = make_practice(), make_consortium(), make_consortium()
    writer = HeldWriter(lambda: make_membership(practice, first, date(2011, 1, 1)))
    done = threading.Event()

    def move() -> None:
        make_membership(practice, second, date(2011, 5, 1))
        connection.close()
        done.set()

    thread = threading.Thread(target=move)
    thread.start()
    assert not done.wait(0.3)
    writer.commit()
    thread.join(WAIT)
    spells = Membership.objects.current().filter(practice=practice).order_by("effective")
    assert [m.consortium for m in spells] == [first, second]


def test_many_writers_at_once_keep_one_chain(committed_db):
    threads, each = 6, 5
    practices = [make_practice() for _ in range(threads)]
    consortium = make_consortium()
    already = Entry.objects.count()
    by = User.objects.system()
    barrier = threading.Barrier(threads)

    def work(practice: Practice) -> None:
        try:
            barrier.wait(WAIT)
            for n in range(each):
                if n % 2:
                    register_consortium(by=by, name=f"{practice} {n}", on=date(2011, 1, 1), reason="a race")
                else:
                    say: dict[str, Any] = {"status": "claimed", "reason": "joined", "why": "a race"}
                    join(by=by, practice=practice, consortium=consortium, on=date(2011, 6 - n, 1), **say)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, practices))
    entries = list(Entry.objects.order_by("number"))
    assert [e.number for e in entries] == list(range(1, already + threads * each + 1))
    assert all(a.at < b.at for a, b in zip(entries, entries[1:], strict=False))
    assert list(broken_links()) == []
    assert Membership.objects.current().count() == threads
