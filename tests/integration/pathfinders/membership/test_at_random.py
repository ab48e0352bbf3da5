"""Whatever is done to memberships, by whomever and in whatever order: at each day, as known at each instant, the rules
of domain.md 3.4 (3 to 6, 20) hold, and what the site answers is what a plain recount of the raw facts gives."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from pathfinders.reads import unaffiliated
from pathfinders.reads.coverage import Question, coverage_in, keys_of
from pathfinders.reads.england import England, england
from registry import clock
from registry.feed import broken_links
from registry.invariants import findings
from registry.models import Entry
from registry.moment import Moment
from tests.support.random_memberships import DAYS, MOVES, RandomMemberships
from tests.support.raw_memberships import Figures, Picture, RawFacts

pytestmark = pytest.mark.django_db
ANYBODY: Any = AnonymousUser()
STEPS, INSTANTS = 70, 6
GRID = [DAYS[0] - timedelta(days=1), *DAYS[1::5], date(2012, 8, 1)]
SEEDS = [*range(2), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 60))]


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_lost_or_counted_twice_on_any_day_as_known_at_any_time(seed, tmp_path):
    story = RandomMemberships(seed, tmp_path)
    for _ in range(STEPS):
        story.step()
    assert sum(n for (_, how), n in story.done.items() if how == "done") > STEPS // 4, story.done
    facts = RawFacts()
    for known_at in instants(story):
        for day in (*GRID, clock.today()):  # answers are of today
            holds(facts.at(day, known_at), Moment.of(day, known_at))
    assert [(f.rule.name, f.rows) for f in findings() if f.rows and not f.rule.warning] == []
    assert list(broken_links()) == []


def test_every_move_comes_to_be_done(tmp_path):
    """Else the test above would show nothing of it."""
    story = RandomMemberships(99, tmp_path)
    for name, move in dict(MOVES).items():
        for attempt in range(200):
            if story.done[name, "done"]:
                break
            story.step_of(name, move)
            if attempt % 3 == 2:
                story.step()  # what it needs may have to happen first
        assert story.done[name, "done"], name


def instants(story: RandomMemberships) -> list[Any]:
    """Some entries' instants, the last among them, and one between two."""
    found = list(Entry.objects.order_by("number").values_list("at", flat=True))
    some = story.rng.sample(found[:-1], INSTANTS - 2)
    return [*some, some[0] + timedelta(microseconds=1), found[-1]]


def holds(raw: Picture, moment: Moment) -> None:
    """The rules, on one day as known at one instant; and that the reads say the same."""
    where = f"{moment.as_of} as known at {moment.known_at}"
    for code, held in raw.members.items():
        assert len(held) == 1, f"{code} belongs to {held} on {where}"
        assert code in raw.living, f"{code} is a member outside its life on {where}"
        assert held[0][0] in raw.consortia, f"{code} is a member of {held[0][0]} outside its life on {where}"
    assert raw.said_why <= raw.living - raw.members.keys(), f"left out, but a member or not there, on {where}"
    lone = {row["code"] for row in unaffiliated.rows(ANYBODY, moment)}
    assert lone == raw.eligible - raw.members.keys(), f"the left-out list on {where}"
    assert lone | raw.counted() == raw.eligible, f"somebody vanished on {where}"
    base = england(ANYBODY, moment)
    national = figures(base, moment, "national")["England"]
    assert national == raw.figures(raw.counted()), where
    by_group = figures(base, moment, "consortium")
    assert by_group == {ref: raw.figures(raw.counted(ref)) for ref in raw.consortia}, where
    by_pct = figures(base, moment, "pct").values()
    for told in (national, *by_group.values(), *by_pct):
        assert told.practices_confirmed <= told.practices and told.people_confirmed <= told.people, where
    nobody = Figures(0, 0, 0, 0, 0)
    assert Figures(*map(sum, zip(nobody, *by_group.values(), strict=True))) == national, where  # none is in two


def figures(base: England, moment: Moment, by: str) -> dict[str, Figures]:
    question = Question(by, scope="consortium")
    rows = coverage_in(base, ANYBODY, moment, question, keys_of(base, ANYBODY, moment, question))
    names = ("practices", "practices_confirmed", "people", "people_confirmed", "practices_without_list")
    return {row["key"]: Figures(*(row[name] for name in names)) for row in rows}
