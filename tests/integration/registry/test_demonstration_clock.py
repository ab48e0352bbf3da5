"""The clock of a demonstration: story time, only there, strictly increasing; two tellings of one story hash alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from registry import clock
from registry.feed import broken_links
from registry.journal import header
from registry.models import Entry, Installation
from registry.models.installation import STORY_TODAY
from registry.moment import Moment
from tests.factories import make_consortium, make_membership, make_practice

STORY = datetime(2010, 12, 8, 12, tzinfo=UTC)


@pytest.fixture
def demonstration(db):
    Installation.declare(demonstration=True)


def tell_the_story() -> None:
    practice = consortium = None
    for n, what in enumerate(("practice", "consortium", "join", "join")):
        with clock.story_time(STORY + timedelta(days=n)):
            if what == "practice":
                practice = make_practice("Z55555")
            elif what == "consortium":
                consortium = make_consortium("GC0055")
            else:
                make_membership(practice, consortium, date(2011, 4 - n, 1))


def test_story_time_is_refused_in_a_real_register(db):
    Installation.declare(demonstration=False)
    with pytest.raises(RuntimeError, match="real time"), clock.story_time(STORY):
        pass


def test_story_time_is_refused_before_the_database_is_made_a_demonstration(db):
    with pytest.raises(RuntimeError, match="real time"), clock.story_time(STORY):
        pass


def test_the_first_word_stands(db):
    Installation.declare(demonstration=True)
    Installation.declare(demonstration=False)
    assert Installation.is_demonstration()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Installation.objects.update(demonstration=False)


def test_the_first_entry_of_an_undeclared_database_makes_it_real(db):
    make_practice()
    Installation.declare(demonstration=True)
    assert not Installation.is_demonstration()


def test_a_real_register_keeps_real_time(db):
    make_practice()
    entry = Entry.objects.get()
    assert abs(entry.at - entry.written_at) < timedelta(seconds=1)
    assert abs(clock.now() - clock.real_now()) < timedelta(seconds=1)
    assert clock.today() == clock.london_date(clock.real_now())


def test_entries_of_a_story_stand_in_story_time_and_were_written_now(demonstration):
    tell_the_story()
    entries = list(Entry.objects.order_by("number"))
    assert [e.at for e in entries] == [STORY + timedelta(days=n) for n in range(4)]
    assert all(abs(e.written_at - clock.real_now()) < timedelta(minutes=1) for e in entries)
    assert list(broken_links()) == []


def test_entries_increase_strictly_even_where_the_story_stands_still_or_goes_back(demonstration):
    with clock.story_time(STORY):
        make_practice()
        make_practice()
    with clock.story_time(STORY - timedelta(days=9)):
        make_practice()
    instants = list(Entry.objects.order_by("number").values_list("at", flat=True))
    assert instants == [STORY, STORY + timedelta(microseconds=1), STORY + timedelta(microseconds=2)]


def test_known_at_of_the_story_can_be_asked(demonstration):
    tell_the_story()
    moment = Moment.of(date(2011, 4, 1), STORY + timedelta(days=1, hours=1))
    assert moment.known_at == STORY + timedelta(days=1, hours=1) and not moment.latest


def test_today_in_a_demonstration_is_1_september_2011_and_ticks_on(demonstration):
    assert clock.today() == date(2011, 9, 1)
    first = clock.now()
    assert timedelta(0) <= first - STORY_TODAY < timedelta(minutes=5)
    assert clock.now() > first


def test_the_story_ends_with_its_block(demonstration):
    with clock.story_time(STORY):
        assert clock.now() == STORY
    assert clock.today() == date(2011, 9, 1)


def test_written_at_is_in_the_hash_of_a_real_register_only(demonstration):
    tell_the_story()
    entry = Entry.objects.first()
    assert "written_at" not in header(entry, True) and "written_at" in header(entry, False)


def test_two_tellings_of_one_story_have_the_same_newest_hash(demonstration):
    hashes = []  # of tellings whose rows have other numbers: a sequence does not go back
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            tell_the_story()
            hashes.append(Entry.objects.order_by("-number")[0].hash)
            raise ZeroDivisionError  # back to the empty register
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize(
    "instant, day",
    [
        (datetime(2011, 3, 31, 22, 59, tzinfo=UTC), date(2011, 3, 31)),
        (datetime(2011, 3, 31, 23, 0, tzinfo=UTC), date(2011, 4, 1)),  # summer time
        (datetime(2011, 1, 31, 23, 59, tzinfo=UTC), date(2011, 1, 31)),
    ],
)
def test_dates_of_the_world_are_london_dates(instant, day):
    assert clock.london_date(instant) == day
