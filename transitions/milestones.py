"""Milestones read: the one that says by when every practice is in a consortium (domain.md rule 20, section 3.1)."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from registry.models.fact import Lower
from registry.moment import Moment
from transitions.models import Milestone

DEADLINE = "deadline"
"""The key of the milestone: the day from which every practice must be in a consortium."""


def versions(user: Any, moment: Moment, key: str = DEADLINE) -> list[Milestone]:
    """The versions of a milestone made known by the day, as known at the moment, the first one first. Each has
    `known_from`: the day on which it was made known (None: before all records)."""
    told = Milestone.objects.visible_to(user).known(moment).filter(key=key)
    rows = told.annotate(known_from=Lower("effective")).select_related("opened_by").order_by("effective")
    return [row for row in rows if row.known_from is None or row.known_from <= moment.as_of]


def by_key(user: Any, moment: Moment) -> list[list[Milestone]]:
    """The same of every milestone, in the order of their keys: the versions of each."""
    told = Milestone.objects.visible_to(user).known(moment).annotate(known_from=Lower("effective"))
    rows = [row for row in told.order_by("key", "effective") if not row.known_from or row.known_from <= moment.as_of]
    return [list(group) for _, group in groupby(rows, key=attrgetter("key"))]


def standing(told: list[Milestone], day: date) -> Milestone | None:
    """Of `versions`, the one that stands on the day."""
    return next((row for row in told if row.effective.upper is None or row.effective.upper > day), None)


def deadline(user: Any, moment: Moment) -> Milestone | None:
    """The deadline as planned on the day, as known at the moment; None where none was recorded."""
    return Milestone.objects.visible_to(user).at(moment).filter(key=DEADLINE).first()


def is_open(limit: Milestone | None, day: date) -> bool:
    """Whether a practice in no consortium on the day is an open item: on and after the deadline of that day."""
    return limit is not None and limit.day <= day
