from __future__ import annotations

from datetime import date
from typing import Any

from practices.models import BodyParticulars, ParentBody, Practice, PracticeParent, PracticeStatus, Status
from registry import clock, journal
from registry.authorization import Permission, require
from registry.errors import Refused
from registry.journal import Writer
from registry.models import Entry, EntryKind
from registry.timeline import Timeline, last_day


def change_parent(*, by: Any, practice: Practice, parent: ParentBody, on: date, reason: str) -> Entry:
    """A practice moves to another parent body on a day; the next change that is known already stands.

    The day must lie in the lives of both (domain.md rule 4). Raises Refused: 403, 409 where it is there already, 422.
    """
    require(by, Permission.CHANGE_REGISTER)
    _say_why(reason)
    kind = EntryKind.LATE if on < clock.today() else EntryKind.EVENT
    with journal.entry(by=by, action="change_parent", kind=kind, reason=reason) as entry:
        standing = entry.timeline(PracticeParent, (practice.pk,))
        if standing.at(on) == (parent.pk,):
            raise Refused(
                "no_change", f"{practice} is under {parent} on {_day(on)} already.", field="parent", status=409
            )
        until = _next_change(standing, on)
        body_ends = _body_lives(entry, parent, on, field="on")
        _practice_lives(entry, practice, on, field="on")
        ends = [d for d in (until, body_ends) if d is not None]
        entry.set(PracticeParent, (practice.pk,), on, min(ends, default=None), (parent.pk,))
    return entry.entry  # type: ignore[return-value]


def correct_parent(
    *, by: Any, practice: Practice, start: date, end: date | None, parent: ParentBody | None, reason: str
) -> Entry:
    """The register was wrong: from `start` up to, not including, `end` the practice was under `parent` (None: under no
    body). Raises Refused as `change_parent` does, and where the body does not live through all of it."""
    require(by, Permission.CHANGE_REGISTER)
    _say_why(reason)
    if end is not None and end <= start:
        raise Refused("reversed", f"The end, {_day(end)}, must come after the start, {_day(start)}.", field="end")
    with journal.entry(by=by, action="correct_parent", kind=EntryKind.CORRECTION, reason=reason) as entry:
        if parent is None:
            entry.clear(PracticeParent, (practice.pk,), start, end)
        else:
            _practice_lives(entry, practice, start, field="start")
            body_ends = _body_lives(entry, parent, start, field="start")
            if body_ends is not None and (end is None or end > body_ends):
                ended = _day(last_day(body_ends))
                raise Refused(
                    "body_ended", f"{parent} ended on {ended}: the correction must end by then.", field="end"
                )
            entry.set(PracticeParent, (practice.pk,), start, end, (parent.pk,))
    if entry.entry is None:
        raise Refused("no_change", f"The register says so already of {practice}.", field="parent", status=409)
    return entry.entry


def _say_why(reason: str) -> None:
    if not reason.strip():
        raise Refused("no_reason", "Say why: a change of the register needs a reason.", field="reason")


def _next_change(standing: Timeline, on: date) -> date | None:
    """The day until which nothing else is known."""
    now = next((s for s in standing if s.contains(on)), None)
    if now is not None:
        return now.end
    return next((s.start for s in standing if s.start is not None and s.start > on), None)


def _practice_lives(entry: Writer, practice: Practice, on: date, *, field: str) -> None:
    """A practice known only by reference has no status at all: nothing is known against the day."""
    line = entry.timeline(PracticeStatus, (practice.pk,))
    status = line.at(on)
    if line.spells and status is None:
        raise Refused("not_open", f"{practice} did not exist on {_day(on)}.", field=field)
    if status == (Status.CLOSED.value,):
        raise Refused("closed", f"{practice} was closed on {_day(on)}.", field=field)


def _body_lives(entry: Writer, body: ParentBody, on: date, *, field: str) -> date | None:
    """The end of the body's life that `on` lies in (half-open). Raises Refused where it lies in none."""
    spells = list(entry.timeline(BodyParticulars, (body.pk,)))
    at = next((i for i, s in enumerate(spells) if s.contains(on)), None)
    if at is None:
        lived = ", ".join(f"{_day(s.start)} to {_day(last_day(s.end))}" for s in spells) or "never"
        raise Refused("body_not_alive", f"{body} did not exist on {_day(on)} (it lived: {lived}).", field=field)
    end = spells[at].end
    for spell in spells[at + 1 :]:
        if spell.start == end:
            end = spell.end
    return end


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else "an open date"
