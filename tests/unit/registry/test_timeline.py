"""Timelines against a naive dict of days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.timeline import Period, Spell, Timeline, differing, first_day_out, last_day

FIRST = date(2011, 1, 1)
DAYS = 24


def day(n: int | None) -> date | None:
    return None if n is None else FIRST + timedelta(days=n)


bound = st.none() | st.integers(0, DAYS - 1)
steps = st.lists(
    st.tuples(st.sampled_from(["set", "clear"]), bound, bound, st.sampled_from("ABC"))
    .filter(lambda s: s[1] is None or s[2] is None or s[1] < s[2]),
    max_size=12,
)  # fmt: skip


def played(done: list) -> tuple[Timeline, dict[int, str]]:
    """The steps done to a timeline, and to a plain dict of days (one more on each side for what is unbounded)."""
    timeline, naive = Timeline(), {}
    for verb, start, end, value in done:
        for n in range(-1 if start is None else start, DAYS + 1 if end is None else end):
            if verb == "set":
                naive[n] = value
            else:
                naive.pop(n, None)
        timeline = (
            timeline.set(day(start), day(end), (value,)) if verb == "set" else timeline.clear(day(start), day(end))
        )
    return timeline, naive


@given(steps)
def test_every_day_says_what_a_plain_dict_says(done):
    timeline, naive = played(done)
    for n in range(-1, DAYS + 1):
        assert timeline.at(day(n)) == ((naive[n],) if n in naive else None)


@given(steps)
def test_spells_are_sorted_apart_and_as_few_as_can_be(done):
    timeline, _ = played([s for s in done if s[0] == "set"])
    for before, after in zip(timeline, list(timeline)[1:], strict=False):
        assert before.end is not None and after.start is not None and before.end <= after.start
        assert before.end < after.start or before.values != after.values
    assert all(s.start is None or s.end is None or s.start < s.end for s in timeline)


@given(steps, st.integers(0, DAYS - 1))
def test_a_stretch_is_the_unbroken_run_around_a_day(done, n):
    timeline, naive = played(done)
    found = timeline.stretch(day(n), lambda values: values[0] in "AB")
    if naive.get(n, "C") not in "AB":
        assert found is None
        return
    low = high = n
    while naive.get(low - 1, "C") in "AB":
        low -= 1
    while naive.get(high + 1, "C") in "AB":
        high += 1
    assert found == Period(None if low < 0 else day(low), None if high > DAYS - 1 else day(high + 1))


@given(steps, st.integers(0, DAYS - 1))
def test_next_start_is_the_first_spell_after_the_day(done, n):
    timeline, _ = played(done)
    assert timeline.next_start(day(n)) == min(
        (s.start for s in timeline if s.start and s.start > day(n)), default=None
    )


def test_a_move_closes_one_spell_and_adds_one():
    stood = Timeline([Spell(FIRST, None, ("A",))])
    assert stood.set(date(2011, 5, 1), None, ("B",)).spells == (
        Spell(FIRST, date(2011, 5, 1), ("A",)),
        Spell(date(2011, 5, 1), None, ("B",)),
    )


def test_a_change_in_the_middle_leaves_both_sides():
    stood = Timeline([Spell(None, None, ("A",))])
    assert [s.values[0] for s in stood.set(day(2), day(4), ("B",))] == ["A", "B", "A"]


def test_the_same_values_beside_each_other_are_one_spell():
    stood = Timeline([Spell(day(0), day(2), ("A",))])
    assert stood.set(day(2), day(4), ("A",)).spells == (Spell(day(0), day(4), ("A",)),)


def test_within_keeps_only_the_days_asked():
    stood = Timeline([Spell(None, None, ("A",))])
    assert stood.within(day(2), day(4)).spells == (Spell(day(2), day(4), ("A",)),)
    assert stood.within(None, None) == stood


@pytest.mark.parametrize("start, end", [(3, 3), (4, 3)])
def test_an_empty_or_reversed_period_is_an_error(start, end):
    with pytest.raises(ValueError, match="empty or reversed"):
        Timeline().set(day(start), day(end), ("A",))
    with pytest.raises(ValueError, match="empty or reversed"):
        Timeline().clear(day(start), day(end))


def test_inclusive_last_days_are_converted_at_the_edge():
    assert last_day(date(2013, 4, 1)) == date(2013, 3, 31)
    assert first_day_out(date(2013, 3, 31)) == date(2013, 4, 1)
    assert last_day(None) is None and first_day_out(None) is None


def test_what_differs_is_told_in_the_longest_stretches_of_days():
    one, three = date(2011, 1, 1), date(2011, 3, 1)
    before = Timeline([Spell(None, one, ("a",)), Spell(one, None, ("b",))])
    after = before.set(date(2010, 12, 1), three, ("c",))
    assert differing(before, before) == []
    assert differing(before, after) == [
        (date(2010, 12, 1), one, ("a",), ("c",)),
        (one, three, ("b",), ("c",)),
    ]
    assert differing(before, Timeline()) == [(None, one, ("a",), None), (one, None, ("b",), None)]
    split = Timeline([Spell(None, three, ("a",)), Spell(three, None, ("a",))])
    assert differing(Timeline(), split) == [(None, None, None, ("a",))], "one stretch, however it is held"
