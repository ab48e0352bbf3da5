"""Working days of England, and the clock that counts them. No database."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathfinders import service
from pathfinders.service import Standing, add_working_days, clock_of, is_working_day, working_days

DAYS = st.dates(date(2010, 1, 1), date(2013, 12, 31))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2011, 2, 7), date(2011, 2, 8), 1),  # Monday to Tuesday
        (date(2011, 2, 7), date(2011, 2, 7), 0),
        (date(2011, 2, 4), date(2011, 2, 6), 0),  # Friday to Sunday
        (date(2011, 2, 4), date(2011, 2, 7), 1),
        (date(2011, 4, 21), date(2011, 5, 3), 4),  # Easter, the royal wedding and May Day
        (date(2010, 12, 24), date(2010, 12, 29), 1),  # Christmas at a weekend, its Mondays after
        (date(2012, 6, 1), date(2012, 6, 6), 1),  # the diamond jubilee
        (date(2011, 2, 8), date(2011, 2, 7), -1),
    ],
)
def test_weekends_and_englands_bank_holidays_do_not_count(start, end, days):
    assert working_days(start, end) == days


@given(DAYS, DAYS)
def test_days_are_counted_as_one_by_one(start, end):
    start, end = sorted((start, end))
    one_by_one = sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
    assert working_days(start, end) == one_by_one


@given(DAYS, st.integers(0, 80))
def test_adding_days_is_counting_them(day, count):
    assert working_days(day, add_working_days(day, count)) == count


def test_nothing_counts_while_a_bid_is_returned():
    pauses = [(date(2011, 2, 8), date(2011, 2, 15)), (date(2011, 2, 21), date(2011, 2, 23))]
    assert working_days(date(2011, 2, 7), date(2011, 2, 28), pauses) == 15 - 5 - 2
    assert working_days(date(2011, 2, 10), date(2011, 2, 22), pauses) == 8 - 3 - 1  # pauses that lie partly outside


@given(DAYS, st.lists(st.integers(0, 20), min_size=5, max_size=5))
def test_the_date_due_says_what_counting_without_the_returns_says(submitted, steps):
    """Two returns with days between, as `clock_of` works it out from the date due, and as it is counted."""
    days = [submitted]
    for length in steps:
        days.append(days[-1] + timedelta(days=length))
    pauses = [(days[1], days[2]), (days[3], days[4])]
    due_on = service.due("decision", submitted)
    for start, end in pauses:
        due_on = service.moved_on(due_on, start, end)
    bid = SimpleNamespace(state="assessing", due_on=due_on)
    assert clock_of(bid, days[5]).used == working_days(submitted, days[5], pauses)


@pytest.mark.parametrize(
    ("state", "today", "returned_on", "standing", "used"),
    [
        ("submitted", date(2011, 2, 8), None, Standing.IN_TIME, 5),
        ("assessing", date(2011, 3, 15), None, Standing.SOON, 30),
        ("assessed", date(2011, 3, 29), None, Standing.SOON, 40),
        ("assessed", date(2011, 3, 30), None, Standing.OVERDUE, 41),
        ("returned", date(2011, 6, 1), date(2011, 2, 8), Standing.PAUSED, 5),
    ],
)
def test_how_a_bid_stands_against_its_date(state, today, returned_on, standing, used):
    bid = SimpleNamespace(state=state, due_on=service.due("decision", date(2011, 2, 1)))
    clock = clock_of(bid, today, returned_on)
    assert (clock.standing, clock.used, clock.target, clock.due_on) == (standing, used, 40, date(2011, 3, 29))
    assert clock.over == max(0, used - 40)


@pytest.mark.parametrize("state", ["draft", "decided", "released", "withdrawn"])
def test_no_clock_runs_for_a_bid_that_waits_for_no_decision(state):
    assert clock_of(SimpleNamespace(state=state, due_on=date(2011, 3, 29)), date(2011, 2, 8)) is None
