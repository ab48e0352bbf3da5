"""A history says on each day what the read says of that day, and after each entry what it said then."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from pathfinders.api import spells as fields
from pathfinders.reads import consortia, parents, pathfinders, pcts, practices, shas, unaffiliated
from pathfinders.reads.spells import HISTORIES
from registry.api.shapes import Shape
from registry.models import Entry
from registry.moment import Moment
from tests.support.random_facts import DAYS, RandomFacts

NOBODY = AnonymousUser()
SHAPES = {
    practices: Shape(fields.PracticeSpell),
    unaffiliated: Shape(fields.UnaffiliatedSpell),
    parents: Shape(fields.ParentSpell),
    pcts: Shape(fields.PctSpell),
    shas: Shape(fields.ShaSpell),
    consortia: Shape(fields.ConsortiumSpell),
    pathfinders: Shape(fields.PathfinderSpell),
}
CLOCKS = ("effective_from", "effective_to", "recorded_from", "recorded_to")
Row = dict[str, Any]


def shown(read: ModuleType, row: Row) -> Row:
    """A row without the clocks."""
    shape = SHAPES[read]
    return shape.shape(row, [name for name in shape.names() if name not in CLOCKS])


def of(read: ModuleType, moment: Moment, *, history: str = "1") -> list[Row]:
    """All spells; read body by body, as a page is, and all at once, as a whole list is: the same."""
    asked = HISTORIES[read].asked(history, "")
    rows = asked.rows(NOBODY, moment).order_by(*asked.KEY)
    found = list(rows)
    if history == "1":
        page = rows.all()[:10_000]
        assert "OFFSET 0" in str(page.query) and "OFFSET 0" not in str(rows.query)
        assert list(page) == found
    return found


def holds(row: Row, day: date) -> bool:
    return (row["effective_from"] or date.min) <= day <= (row["effective_to"] or date.max)


def known(row: Row, instant: Any) -> bool:
    return row["recorded_from"] <= instant and (row["recorded_to"] is None or instant < row["recorded_to"])


def on_day(read: ModuleType, moment: Moment) -> list[Row]:
    return [shown(read, row) for row in read.rows(NOBODY, moment).order_by(*read.KEY)]


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)])
def test_each_day_of_a_history_is_what_the_read_says_of_it(db, seed):
    register, rng = RandomFacts(seed), random.Random(seed)
    for _ in range(50):
        register.step()
    instants = list(Entry.objects.order_by("number").values_list("at", flat=True))
    days = [day + timedelta(days=rng.choice((-1, 0, 1))) for day in rng.sample(DAYS, 3)]
    for read in SHAPES:
        versions = of(read, Moment.of(), history="all")
        assert versions
        for instant in (instants[-1], *rng.sample(instants[20:], 1)):
            then = Moment.of(None, instant)
            spells = of(read, then)
            said = [row for row in versions if known(row, instant)]
            assert [{**row, "recorded_to": None} for row in said] == spells, (read, instant)
            for day in days:
                plain = on_day(read, Moment.of(day, instant))
                assert [shown(read, row) for row in spells if holds(row, day)] == plain, (read, day, instant)
            maximal(read, spells)


def maximal(read: ModuleType, spells: list[Row]) -> None:
    """No spell is over days of another, and none goes on as the next."""
    (key,) = read.KEY
    for one, other in pairwise(spells):
        if one[key] == other[key]:
            assert one["effective_to"] < other["effective_from"]
            if one["effective_to"] + timedelta(days=1) == other["effective_from"]:
                assert shown(read, one) != shown(read, other)
