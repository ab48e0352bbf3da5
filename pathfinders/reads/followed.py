"""Practices followed from one day to a later one, each with where it was on both: what a crosswalk is counted from.

What counts (domain.md rule 5) is asked of each day: a practice that counted on the earlier day is followed to the
later; one that counts on the later alone has opened, or come to count, since.

A practice that counts no more and became part of another (rule 14), however long the chain, is where that one is: it
stays one practice of its old body. Its people are those of its own list (rule 6, at the later day: the last that it
had), unless the practice that it became part of was there before and has a list of a quarter begun since the merger:
then they are on that list, are counted there, and are not counted twice. A practice that came of a merger is not
counted beside those it came of. Without a list, a practice counts in practices, not in people (rule 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F

from pathfinders.reads.eligible import Eligible
from pathfinders.reads.england import england
from pathfinders.reads.joins import first_day
from pathfinders.reads.pairs import End, Unit
from practices.models import PracticeStatus, PracticeSuccession, Status
from registry.moment import Moment

NOT_YET = (None, Status.CLOSED, Status.PROPOSED)


class Became(NamedTuple):
    successor: int
    on: date


def followed(user: Any, earlier: Moment, later: Moment, before: str, after: str) -> list[Unit]:
    """Each practice with its body of the kind `before` on the earlier day, as source, and of the kind `after` on the
    later, as target (both pct, consortium, ccg or sha). Four statements at most, two of them kept by the process."""
    then, now = england(user, earlier, later.as_of), england(user, later)
    moved = [row for row in then.rows if row.pk not in now.by_pk]
    became = _became(user, later) if moved else {}
    ways = {row.pk: way(row.pk, now.by_pk, became) for row in moved}
    come = {found[-1] for found in ways.values()}
    new = [row for row in now.rows if row.pk not in then.by_pk and row.pk not in come]
    gone = _statuses(user, later, come - now.by_pk.keys()) if come - now.by_pk.keys() else {}
    unborn = _statuses(user, earlier, {row.pk for row in new}) if new else {}
    units = []
    for row in then.rows:
        steps = ways.get(row.pk, (row.pk,))
        last = now.by_pk.get(steps[-1])
        target = _end(last, after) if last else End(None, _absent(gone.get(steps[-1]), "closed"))
        people = row.patients if last is None or len(steps) == 1 else _people(row, steps, last, then.by_pk, became)
        units.append(Unit(row.code, _end(row, before), target, people))
    for row in new:
        source = End(None, _absent(unborn.get(row.pk), "opened"))
        units.append(Unit(row.code, source, _end(row, after), row.patients))
    return units


def way(start: int, there: dict[int, Eligible], became: dict[int, Became]) -> Sequence[int]:
    """A practice and those that it became part of, one after the other, until one that is there, or the last known."""
    found = [start]
    while found[-1] not in there and found[-1] in became and became[found[-1]].successor not in found:
        found.append(became[found[-1]].successor)
    return found


def _people(
    row: Eligible, steps: Sequence[int], last: Eligible, then: dict[int, Eligible], became: dict[int, Became]
) -> int | None:
    """Of a practice that became part of another: none where the other's list holds them already."""
    if last.pk not in then or last.quarter is None:
        return row.patients
    return 0 if _begins(last.quarter) >= became[steps[-2]].on else row.patients


def _begins(quarter: str) -> date:
    return date(int(quarter[:4]), int(quarter[5]) * 3 - 2, 1)


def _end(row: Eligible, kind: str) -> End:
    code = getattr(row, kind)
    return End(code) if code else End(None, "in_none")


def _absent(status: str | None, word: str) -> str:
    return word if status in NOT_YET else "not_counted"


def _became(user: Any, moment: Moment) -> dict[int, Became]:
    """What each practice had become part of by the day; the first, where it is told of several."""
    facts = PracticeSuccession.objects.visible_to(user).known(moment).alias(_on=first_day())
    told = facts.filter(_on__lte=moment.as_of).order_by("-_on", "-successor__code")
    return {pk: Became(*rest) for pk, *rest in told.values_list("predecessor_id", "successor_id", F("_on"))}


def _statuses(user: Any, moment: Moment, practices: set[int]) -> dict[int, str]:
    there = PracticeStatus.objects.visible_to(user).at(moment).filter(practice__in=practices)
    return dict(there.values_list("practice_id", "status"))


def on(moment: Moment, day: date) -> Moment:
    """The same knowledge of another day."""
    return replace(moment, as_of=day)
