"""Which membership a question or an answer is about: the one of that consortium that stands, or the next to come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from consortia.models import Belonging, Consortium, Membership
from consortia.naming import name_of
from practices.models import Practice
from registry import journal
from registry.actions.checks import said
from registry.errors import Refused
from registry.timeline import Period, Timeline, last_day


class Held(NamedTuple):
    """A membership of one consortium: all its days, the first on which an answer of today tells, and what stands then."""

    period: Period
    on: date
    values: Belonging


def held(timeline: Timeline, consortium: int, today: date) -> Held | None:
    """The membership of this consortium on the day or, where there is none, the first one after it."""
    later = [s.start for s in timeline if s.start is not None and s.start > today]
    for day in (today, *later):
        period = timeline.stretch(day, lambda values: values[0] == consortium)
        if period is not None:
            values = timeline.at(day)
            assert values is not None
            return Held(period, day, Belonging(*values))
    return None


def standing(practices: Iterable[int]) -> dict[int, Timeline]:
    """The timelines of memberships that stand, by practice. Two queries."""
    keys = {(pk,) for pk in practices}
    sketch = journal.sketch()
    sketch.load(Membership, keys)
    return {key[0]: sketch.timeline(Membership, key) for key in keys}


def gone(timeline: Timeline, practice: Practice, consortium: Consortium, today: date) -> Refused:
    """Why a question about this membership cannot be answered any more: it ended, or changed hands."""
    return Refused("membership_gone", _why_gone(timeline, practice, consortium, today), status=409)


def _why_gone(timeline: Timeline, practice: Practice, consortium: Consortium, today: date) -> str:
    values = timeline.at(today)
    if values is not None:
        other = Consortium.objects.get(pk=values[0])
        since = timeline.stretch(today, lambda v: v[0] == other.pk)
        day = f" since {said(since.start)}" if since and since.start else ""
        return (
            f"The register says that {practice.code} has belonged to {name_of(other, today)} ({other.ref}){day}, and no "
            f"longer to {consortium.ref}; so there is nothing to answer. If that is wrong, tell a programme administrator."
        )
    ended = [s.end for s in timeline if s.values[0] == consortium.pk and s.end is not None and s.end <= today]
    if ended:
        return (
            f"The membership of {practice.code} in {consortium.ref} has ended: its last day was "
            f"{said(last_day(max(ended)))}. There is nothing to answer any more."  # type: ignore[arg-type]
        )
    return (
        f"The register does not say any more that {practice.code} belongs to {consortium.ref}. There is nothing to "
        "answer any more."
    )
