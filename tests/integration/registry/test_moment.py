"""The two dates of a question: every form they come in, what is refused, and what is echoed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import QueryDict

from registry import clock
from registry.canonical import plain
from registry.errors import Refused
from registry.models import Entry
from registry.moment import Moment, parse_as_of, parse_known_at
from tests.factories import make_practice


def asked(query: str) -> Moment:
    return Moment.from_query(QueryDict(query))


def refusal(query: str) -> Refused:
    with pytest.raises(Refused) as caught:
        asked(query)
    assert caught.value.status == 400
    return caught.value


@pytest.fixture
def entries(db) -> list[Entry]:
    for _ in range(3):
        make_practice()
    return list(Entry.objects.order_by("number"))


@pytest.mark.parametrize(
    "text, instant",
    [
        ("2012-06-01T12:00:00Z", datetime(2012, 6, 1, 12, tzinfo=UTC)),
        ("2012-06-01T12:00:00.123456Z", datetime(2012, 6, 1, 12, 0, 0, 123456, tzinfo=UTC)),
        ("2012-06-01T12:00Z", datetime(2012, 6, 1, 12, tzinfo=UTC)),
        ("2012-06-01T13:00:00+01:00", datetime(2012, 6, 1, 12, tzinfo=UTC)),
        ("2012-06-01T13:00:00 01:00", datetime(2012, 6, 1, 12, tzinfo=UTC)),  # a + that became a space on its way
        ("2012-06-01T07:00:00-05:00", datetime(2012, 6, 1, 12, tzinfo=UTC)),
        ("2012-06-01 12:00:00Z", datetime(2012, 6, 1, 12, tzinfo=UTC)),
        # a date alone is the end of that London day: an hour before UTC's midnight in summer
        ("2012-06-01", datetime(2012, 6, 1, 22, 59, 59, 999999, tzinfo=UTC)),
        ("2012-01-01", datetime(2012, 1, 1, 23, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_known_at_in_every_form(text, instant):
    assert parse_known_at(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2012-02-30",
        "2012-13-01",
        "2012-06-01T25:00Z",
        "2012",
        "1e3",
        "2012-06-01T",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_a_known_at_that_is_no_time_is_refused(db, text):
    caught = refusal(f"known_at={text}")
    assert (caught.field, caught.code) == ("known_at", "bad_time")
    assert text in caught.message


@pytest.mark.parametrize("text", ["0001-01-01", "0975-06-01", "1899-12-31", "3000-01-01", "9999-12-31"])
def test_a_day_at_the_ends_of_the_calendar_is_refused(db, text):
    caught = refusal(f"as_of={text}")
    assert (caught.field, caught.code, caught.status) == ("as_of", "bad_date", 400)
    assert Moment.from_query(QueryDict("as_of=1900-01-01")).as_of == date(1900, 1, 1)


@pytest.mark.parametrize("text", ["2012-06-01T12:00:00", "2012-06-01T12:00", "2012-06-01 12:00:00"])
def test_a_time_without_its_zone_is_refused(db, text):
    caught = refusal(f"known_at={text}")
    assert (caught.field, caught.code) == ("known_at", "naive_time")


@pytest.mark.parametrize("text", ["2011-02-29", "2011-4-1", "01/04/2011", "20110401", "2011-04-01T00:00Z", "today"])
def test_an_as_of_that_is_no_date_is_refused(db, text):
    caught = refusal(f"as_of={text}")
    assert (caught.field, caught.code) == ("as_of", "bad_date")
    assert text in caught.message


def test_an_as_of_is_a_day():
    assert parse_as_of("2011-04-01") == date(2011, 4, 1)
    assert parse_as_of("") is None and parse_known_at("") is None


def test_a_question_without_dates_is_of_today_and_the_newest_entry(entries):
    moment = asked("")
    assert moment.as_of == clock.today() and moment.known_at == entries[-1].at and moment.latest
    assert not moment.asked_as_of and not moment.asked_known_at
    assert moment.echo() == {"as_of": clock.today().isoformat(), "known_at": plain(entries[-1].at)}


def test_an_empty_register_answers_without_an_entry(db):
    assert asked("").echo() == {"as_of": clock.today().isoformat(), "known_at": None}
    assert asked("").pinned() == {"as_of": clock.today().isoformat()}


def test_before_the_first_entry_is_refused_with_the_span(entries):
    caught = refusal("known_at=2010-01-01")
    assert (caught.field, caught.code) == ("known_at", "before_the_register")
    assert plain(entries[0].at) in caught.message and plain(entries[-1].at) in caught.message
    just_before = entries[0].at - timedelta(microseconds=1)
    assert refusal(f"known_at={plain(just_before)}").code == "before_the_register"
    assert asked(f"known_at={plain(entries[0].at)}").known_at == entries[0].at


def test_after_the_newest_entry_echoes_the_newest(entries):
    later = plain(entries[-1].at + timedelta(days=3))
    moment = asked(f"as_of=2011-04-01&known_at={later}")
    assert moment.echo() == {"as_of": "2011-04-01", "known_at": plain(entries[-1].at)}
    assert moment.latest and moment.asked_known_at and moment.asked_as_of


def test_between_two_entries_the_question_stands_as_asked(entries):
    between = entries[1].at + (entries[2].at - entries[1].at) / 2
    moment = asked(f"known_at={plain(between)}")
    assert moment.known_at == between and not moment.latest


def test_a_plus_that_arrives_as_a_space_asks_the_same(entries):
    text = entries[1].at.astimezone(UTC).isoformat()
    assert "+00:00" in text
    assert asked(f"known_at={text}").known_at == entries[1].at
